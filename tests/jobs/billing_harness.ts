import { AdminClient } from "../../adapters/admin_api/client.ts";
import { MonthFolder } from "../../adapters/month_files/folder.ts";
import { PageFolder } from "../../adapters/month_files/pages.ts";
import { SqliteRollupStore } from "../../adapters/sqlite/rollups.ts";
import { progressText } from "../../domain/billing/fetch.ts";
import type { Json } from "../../domain/json.ts";
import { adminApi, type EventQuery } from "../../fixtures/cursor_sim/admin_api.ts";
import { generateEvents, type SimEvent } from "../../fixtures/cursor_sim/admin_events.ts";
import type { AdminFaults } from "../../fixtures/cursor_sim/admin_faults.ts";
import { billingFetch } from "../../jobs/billing_fetch.ts";
import { memoryDatabase } from "../adapters/sqlite/test_database.ts";
import { FakeLog } from "../fake_log.ts";
import { FakeTime } from "../fake_time.ts";
import { fakeRunContext } from "./fake_run_context.ts";
import { join } from "node:path";

/** January and February are over and settled. */
export const AFTER_FEBRUARY = "2026-03-20T12:00:00Z";

const KEY = "key_0123456789abcdef";

/** What a fetch is tried with. */
interface HarnessOptions {
  readonly folder: string;
  readonly events: readonly SimEvent[];
  readonly now: string;
  readonly faults?: AdminFaults;
  readonly monthsBack?: number;
  readonly pageSize?: number;
  /** Told of every page that the API hands out. */
  readonly onPage?: (query: EventQuery) => void;
}

/** Counts how often a month was replaced. */
class CountedRollups extends SqliteRollupStore {
  replaced = 0;

  override replace(...args: Parameters<SqliteRollupStore["replace"]>): void {
    this.replaced++;
    super.replace(...args);
  }
}

/** The job with the real client and files, a simulated API without a socket, and a fake engine. */
export class BillingHarness {
  readonly time: FakeTime;
  readonly log = new FakeLog();
  readonly rollups = new CountedRollups(memoryDatabase());
  /** Every page that the API handed out. */
  readonly asked: EventQuery[] = [];
  /** What the user was shown. */
  readonly shown: string[] = [];
  readonly months: MonthFolder;
  readonly #options: HarnessOptions;
  readonly #pages: PageFolder;
  readonly #client: AdminClient;

  constructor(options: HarnessOptions) {
    const { folder, events, faults = {} } = options;
    this.#options = options;
    this.time = new FakeTime(options.now);
    const onPage = (query: EventQuery) => {
      this.asked.push(query);
      options.onPage?.(query);
    };
    const api = adminApi({ apiKey: KEY, events, clock: this.time, faults, onPage });
    this.#client = new AdminClient({
      baseUrl: "http://admin.test",
      apiKey: KEY,
      clock: this.time,
      log: this.log,
      sleep: this.time.sleep,
      fetch: (input, init) => Promise.resolve(api.request(new Request(input, init))),
    });
    this.#pages = new PageFolder(folder);
    this.months = new MonthFolder(folder, { pages: this.#pages, log: this.log });
  }

  /** One execution of the run `id`; the same `results` make the next one go on with it. */
  async execute(
    { id = 1, results = new Map(), killPoint = () => {}, input = null }: {
      id?: number;
      results?: Map<string, string>;
      killPoint?: (step: string) => void;
      input?: Json;
    } = {},
  ): Promise<Json> {
    const job = billingFetch<CountedRollups>({
      api: this.#client,
      months: this.months,
      pages: this.#pages,
      clock: this.time,
      progress: { fetching: (progress) => this.shown.push(progressText(progress)) },
      monthsBack: this.#options.monthsBack ?? 2,
      pageSize: this.#options.pageSize ?? 10,
      rollups: (tx) => tx,
    });
    return await job.run(fakeRunContext({ tx: this.rollups, log: this.log, id, results, killPoint, input }));
  }

  /** The bytes of a month's file, such as "01-2026". */
  file(month: string): Promise<string> {
    return Deno.readTextFile(this.path(month));
  }

  path(month: string): string {
    return join(this.#options.folder, `${month}-usage-based-data.json`);
  }

  /** Which pages were asked for, as "01-16 p2". */
  pagesAsked(): string[] {
    return this.asked.map(({ startDate, page }) => {
      return `${Temporal.Instant.fromEpochMilliseconds(startDate).toString().slice(5, 10)} p${page}`;
    });
  }

  /** Which windows were asked for, by their first day. */
  windowsAsked(): string[] {
    return [...new Set(this.pagesAsked().map((text) => text.slice(0, 5)))];
  }
}

/** Events of January and February 2026, the same for each call. */
export function generated(count: number): SimEvent[] {
  const startMs = Temporal.Instant.from("2026-01-01T00:00:00Z").epochMilliseconds;
  const endMs = Temporal.Instant.from("2026-03-01T00:00:00Z").epochMilliseconds;
  return generateEvents({ seed: 11, count, startMs, endMs });
}
