import type { JsonObject } from "../../domain/json.ts";
import { adminApi, type AdminApiOptions, type EventQuery } from "../../fixtures/cursor_sim/admin_api.ts";
import { type SimEvent, simEvent } from "../../fixtures/cursor_sim/admin_events.ts";
import { type Ended, type Tracker, withTracker } from "./harness.ts";
import { join } from "node:path";

export const KEY = "key_0123456789abcdef";

/** The program with a key, and the simulated Admin API that it asks. */
interface WithAdmin {
  readonly tracker: Tracker;
  /** Every page that the API handed out. */
  readonly asked: readonly EventQuery[];
}

/** Runs `use` with the real program, unhurried by a request delay, and a simulated Admin API behind a socket. */
export async function withAdmin(
  options: Pick<AdminApiOptions, "events"> & Partial<AdminApiOptions> & { env?: Record<string, string>; yaml?: string },
  use: (parts: WithAdmin) => Promise<void>,
): Promise<void> {
  const { env = {}, yaml = "billing: { request_delay_seconds: 0, page_size: 10 }", ...sim } = options;
  const asked: EventQuery[] = [];
  const clock = { now: () => Temporal.Now.instant() };
  const api = adminApi({ apiKey: KEY, clock, onPage: (query) => asked.push(query), ...sim });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, api.fetch);
  const CURSOR_ADMIN_URL = `http://127.0.0.1:${server.addr.port}`;
  await withTracker({ CURSOR_ADMIN_URL, CURSOR_API_KEY: KEY, ...env }, async (tracker) => {
    await Deno.writeTextFile(join(tracker.dir, "config.yaml"), yaml);
    await use({ tracker, asked });
  });
}

/** The calendar month (UTC) that lies `months` before this one. */
export function monthsAgo(months: number): Temporal.PlainYearMonth {
  const today = Temporal.Now.zonedDateTimeISO("UTC").toPlainDate();
  return today.toPlainYearMonth().subtract({ months });
}

/** The events, put into a month: in turn on its 2nd and its 20th day, so that both its halves have some. */
export function inMonth(month: Temporal.PlainYearMonth, events: readonly JsonObject[]): SimEvent[] {
  return events.map((event, index) => {
    const day = index % 2 === 0 ? 2 : 20;
    const at = month.toPlainDate({ day }).toZonedDateTime("UTC").add({ seconds: index });
    return simEvent({ ...event, timestamp: String(at.epochMilliseconds) });
  });
}

/** "01-2026". */
export function fileName(month: Temporal.PlainYearMonth): string {
  const [year = "", number = ""] = month.toString().split("-");
  return `${number}-${year}`;
}

/** A month's file, but for the second at which it was fetched. */
export async function monthFile({ dataDir }: Tracker, month: Temporal.PlainYearMonth): Promise<string> {
  const text = await Deno.readTextFile(join(dataDir, "monthly_usage_data", `${fileName(month)}-usage-based-data.json`));
  return text.replace(/"fetched_at":"[^"]+"/, `"fetched_at":"…"`);
}

/** What a command printed as its one JSON document. */
export function jsonOf({ code, stdout, stderr }: Ended) {
  if (code !== 0) throw new Error(`The command ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}
