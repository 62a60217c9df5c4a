import { BILLING_FETCH } from "../domain/billing/jobs.ts";
import { type Config, secret } from "../domain/config.ts";
import type { Clock } from "../domain/ports.ts";
import { adminApi } from "../fixtures/cursor_sim/admin_api.ts";
import { generateEvents } from "../fixtures/cursor_sim/admin_events.ts";
import type { Services } from "../ui/services.ts";

const API_KEY = "key_of_the_demo";
const MONTHS = 6;
const EVENTS = 6_000;

/** A simulated team, and what a configuration needs to ask it. */
export interface DemoTeam {
  readonly settings: Pick<Config, "adminUrl" | "apiKey" | "billing">;
  stop(): Promise<void>;
}

/** Serves the simulated Admin API with half a year of a team's events. */
export function startDemoTeam({ seed, clock, config }: { seed: number; clock: Clock; config: Config }): DemoTeam {
  const now = clock.now();
  const start = now.toZonedDateTimeISO("UTC").subtract({ months: MONTHS - 1 }).with({ day: 1 }).startOfDay();
  const events = generateEvents({
    seed,
    count: EVENTS,
    startMs: start.epochMilliseconds,
    endMs: now.epochMilliseconds,
  });
  const api = adminApi({ apiKey: API_KEY, events, clock });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, api.fetch);
  const billing = { ...config.billing, monthsBack: MONTHS, pageSize: 500, requestDelayMs: 0 };
  const adminUrl = new URL(`http://127.0.0.1:${server.addr.port}`);
  return {
    settings: { adminUrl, apiKey: secret(API_KEY), billing },
    stop: () => server.shutdown(),
  };
}

/** Fetches the team's months, as the daily job does. */
export async function fetchDemoTeam(
  { runs, stores, clock }: Pick<Services, "runs" | "stores" | "clock">,
  say: (text: string) => void,
): Promise<void> {
  await runs.run(BILLING_FETCH, `demo:${clock.now().toString()}`, null);
  const rows = stores.rollups.rows();
  const events = rows.reduce((sum, { requests }) => sum + requests, 0);
  say(`Team billing: ${events} billed events of ${new Set(rows.map(({ month }) => month.toString())).size} months.`);
}
