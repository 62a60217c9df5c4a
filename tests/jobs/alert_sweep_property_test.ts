import { loadConfig } from "../../adapters/config/config.ts";
import { transaction } from "../../adapters/sqlite/transaction.ts";
import type { SweepResult } from "../../domain/alerts/delivery.ts";
import { type BillingCycle, cycleBetween, cycleOfDates, UNKNOWN_CYCLE } from "../../domain/cycle.ts";
import { micros } from "../../domain/money.ts";
import { alertSweepJob } from "../../jobs/alert_sweep.ts";
import { testDatabase } from "../adapters/sqlite/test_database.ts";
import { row } from "../domain/history/snapshots.ts";
import { propertyRuns } from "../domain/property_runs.ts";
import { FakeLog } from "../fake_log.ts";
import { FakeTime } from "../fake_time.ts";
import { NO_RUNS } from "../ui/no_runs.ts";
import { fakeRunContext } from "./fake_run_context.ts";
import { recover } from "./recover.ts";
import { FakeChannel } from "./sweep_harness.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

const START = Temporal.Instant.from("2026-11-10T00:00:00Z");
const CYCLE_DAYS = 30;
const RUNS = { numRuns: propertyRuns(60) };

/** What happens, in order. */
type Happening =
  | { readonly kind: "figures"; readonly dollars: number | null; readonly percent: number | null }
  | { readonly kind: "budget"; readonly dollars: number }
  | { readonly kind: "time"; readonly minutes: number }
  | { readonly kind: "bounds"; readonly known: "none" | "dates" | "exact" }
  | { readonly kind: "restart" }
  | { readonly kind: "fails" };

const dollars = fc.integer({ min: 0, max: 30 });
const figures = fc.record({
  kind: fc.constant("figures" as const),
  dollars: fc.option(dollars, { nil: null, freq: 5 }),
  percent: fc.option(fc.integer({ min: 0, max: 120 }), { nil: null, freq: 3 }),
});
const time = (min: number) =>
  fc.record({ kind: fc.constant("time" as const), minutes: fc.integer({ min, max: 4 * 24 * 60 }) });
const others = [
  fc.record({ kind: fc.constant("budget" as const), dollars: fc.constantFrom(10, 20, 40) }),
  fc.record({ kind: fc.constant("restart" as const) }),
  fc.record({ kind: fc.constant("fails" as const) }),
];
const bounds = fc.record({
  kind: fc.constant("bounds" as const),
  known: fc.constantFrom("none" as const, "dates" as const, "exact" as const),
});

/** A machine with a true cycle, of which scrapes may tell less or more exactly. */
class World implements Disposable {
  readonly #database = testDatabase();
  readonly time = new FakeTime(START.add({ hours: 36 }).toString());
  readonly stores = this.#database.stores;
  readonly channel = new FakeChannel();
  readonly config = loadConfig({ env: {}, workingDir: "/nonexistent" });
  #known: "none" | "dates" | "exact" = "dates";
  #sweep = this.#process();
  #tokens = 0;
  #ids = 0;
  /** The true cycle that each spend threshold was opened in. */
  readonly opened: string[] = [];

  async live(happening: Happening): Promise<SweepResult> {
    switch (happening.kind) {
      case "figures":
        this.#scrape(happening);
        break;
      case "budget":
        this.stores.budgets.set(micros(happening.dollars * 1_000_000), this.time.now());
        break;
      case "time":
        this.time.set(this.time.now().add({ minutes: happening.minutes }).toString());
        break;
      case "bounds":
        this.#known = happening.known;
        break;
      case "restart":
        this.#sweep = this.#process();
        break;
      case "fails":
        this.stores.alerts.open({
          kind: "scrape_error",
          dedupeKey: `scrape_error:${++this.#ids}`,
          details: "away",
          at: this.time.now(),
        });
    }
    const result = await this.#sweep();
    const current = this.stores.usage.latest();
    for (const key of result.opened) {
      const mark = /:spend:\d+$/.exec(key)?.[0];
      if (mark !== undefined && current !== null) this.opened.push(`${this.#index(current.capturedAt)}${mark}`);
    }
    return result;
  }

  #scrape({ dollars, percent }: { dollars: number | null; percent: number | null }): void {
    const at = this.time.now();
    const rows = [row("opus", dollars, { output: this.#tokens += 10 })];
    const pools = [{ name: "Pool", percentUsed: percent, used: null, limit: null }];
    const usage = { cycle: this.#cycle(at), rows, pools, source: "network_json" as const, membership: null };
    const tableHash = String(this.#tokens).padStart(64, "0");
    const snapshot = this.stores.usage.insert({ usage, tableHash, capturedAt: at, captureId: null, payload: null });
    this.stores.history.record(snapshot, rows);
    recover(this.stores, { at });
  }

  #index(at: Temporal.Instant): number {
    return Math.floor(START.until(at).total("hours") / 24 / CYCLE_DAYS);
  }

  #cycle(at: Temporal.Instant): BillingCycle {
    const from = START.add({ hours: 24 * CYCLE_DAYS * this.#index(at) });
    const to = from.add({ hours: 24 * CYCLE_DAYS });
    const dateOf = (moment: Temporal.Instant) => moment.toZonedDateTimeISO("UTC").toPlainDate();
    if (this.#known === "none") return UNKNOWN_CYCLE;
    return this.#known === "dates" ? cycleOfDates(dateOf(from), dateOf(to)) : cycleBetween(from, to);
  }

  /** The start date of the cycle that the newest figures are of. */
  cycleStart(): string {
    const index = this.#index(this.stores.usage.latest()?.capturedAt ?? START);
    return START.add({ hours: 24 * CYCLE_DAYS * index }).toString().slice(0, 10);
  }

  #process(): () => Promise<SweepResult> {
    const { stores, time, config, channel } = this;
    const job = alertSweepJob({
      messaging: {
        channels: [channel],
        dashboardUrl: null,
        newMessageId: () => `<${++this.#ids}@test>`,
        render: (message) => ({ ...message, text: "", html: "", chat: "", json: null }),
      },
      stores,
      runs: NO_RUNS,
      transaction: (work) => transaction(this.#database.db, () => work(stores)),
      liveness: { self: "p", isAlive: () => false },
      clock: time,
      config,
    });
    return () => job.run(fakeRunContext({ tx: stores, log: new FakeLog(), results: new Map() }));
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }

  /** How often the channel was told that an alert opened, by dedupe key. */
  told(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { notices } of this.stores.notifications.list(10_000)) {
      for (const { alertId, purpose } of notices) {
        const key = `${purpose} ${this.stores.alerts.find(alertId)?.dedupeKey}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    return counts;
  }
}

function assertOnce(world: World): void {
  const again = world.opened.filter((key, at) => world.opened.indexOf(key) !== at);
  assert.deepEqual(again, []);
  for (const [key, count] of world.told()) assert.equal(count, 1, key);
}

Deno.test("whatever figures, budgets, restarts and clock jumps come, each alert opens and is told at most once", async () => {
  const happenings = fc.array(fc.oneof(figures, figures, time(-4 * 24 * 60), ...others), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(happenings, async (all) => {
      using world = new World();
      for (const one of all) await world.live(one);
      assertOnce(world);
    }),
    RUNS,
  );
});

Deno.test("a cycle whose bounds get known and are told more or less exactly has each of its alerts once", async () => {
  const rest = fc.array(fc.oneof(figures, figures, time(1), bounds, ...others), { maxLength: 40 });
  const happenings = fc.tuple(bounds, figures, rest).map(([known, first, more]) => [known, first, ...more]);
  await fc.assert(
    fc.asyncProperty(happenings, async (all) => {
      using world = new World();
      for (const one of all) await world.live(one);
      assertOnce(world);
    }),
    RUNS,
  );
});

Deno.test("unknown spend opens and clears neither a threshold nor an overrun, whatever came before", async () => {
  const happenings = fc.array(fc.oneof(figures, time(1), ...others), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(happenings, async (all) => {
      using world = new World();
      for (const one of all) await world.live(one);
      const { opened, cleared } = await world.live({ kind: "figures", dollars: null, percent: null });
      const current = world.cycleStart();
      const ofSpend = [...opened, ...cleared].filter((key) => /^(threshold_hit|projection_overrun)/.test(key));
      // The unknown figures may be the first ones of a new cycle, which ends the alerts of the old one.
      assert.deepEqual(ofSpend.filter((key) => key.includes(current)), []);
    }),
    RUNS,
  );
});
