import type { UsageEvent } from "../../../domain/events/event.ts";
import { Reports } from "../../../domain/report/reports.ts";
import { statusText } from "../../../ui/cli/commands/status.ts";
import { store } from "../../adapters/sqlite/test_database.ts";
import { makeEvent, totalOnly } from "../../domain/events/make_event.ts";
import { dollars, moments, row, snapshot } from "../../domain/history/snapshots.ts";
import { fillTwoCycles, type TestServices, testServices } from "../services_harness.ts";
import assert from "node:assert/strict";

/** Days as /api/daily tells them: date and spend in dollars. */
async function daily({ app }: Pick<TestServices, "app">, query: string): Promise<[string, number | null][]> {
  const { days } = await (await app.request(`/api/daily${query}`)).json();
  return days.map((
    { date, spend_micros: spend }: { date: string; spend_micros: number | null },
  ) => [date, spend === null ? null : spend / 1_000_000]);
}

function event(at: string, api: number | null, options: { model?: string; user?: string } = {}): UsageEvent {
  return makeEvent({ at, api: api === null ? null : dollars(api), ...options });
}

Deno.test("GET /api/daily: own events tell the days before the first snapshot, and no day counts twice", async () => {
  using services = testServices();
  fillTwoCycles(services);
  services.stores.events.merge([
    event("2026-09-29T10:00:00Z", 2),
    event("2026-09-29T23:30:00Z", 1, { model: "model-b" }),
    event("2026-09-29T12:00:00Z", 7, { user: "ann@example.com" }),
    event("2026-10-01T08:00:00Z", 5),
  ]);
  services.stores.history.rebuild();
  assert.deepEqual(await daily(services, "?from=2026-09-01&to=2026-10-02"), [
    ["2026-09-29", 3],
    ["2026-10-01", 1],
    ["2026-10-02", 1],
  ]);
  assert.equal((await daily(services, "?from=0001-01-01&to=9999-12-31"))[0]?.[0], "2026-09-29");
  assert.deepEqual(await daily(services, "?from=2026-09-30&to=2026-09-30"), []);
  assert.equal((await daily(services, "?cycle=2026-10-01")).length, 31);
});

Deno.test("GET /api/daily without any snapshot tells what events do, a cost that is unknown as null", async () => {
  using services = testServices();
  services.stores.events.merge([
    event("2026-09-29T10:00:00Z", 2),
    event("2026-09-30T10:00:00Z", 2),
    makeEvent({ at: "2026-09-30T11:00:00Z", api: null, tokens: totalOnly(7) }),
  ]);
  assert.deepEqual(await daily(services, "?from=2026-09-01&to=9999-12-31"), [["2026-09-29", 2], ["2026-09-30", null]]);
  assert.deepEqual(await daily(services, ""), []);
  const { days } = await (await services.app.request("/api/daily?from=2026-09-30&to=2026-09-30")).json();
  // 100 tokens in four kinds, 40 of them output, and 7 that are of no known kind.
  assert.deepEqual([days[0].tokens.output, days[0].tokens.total, days[0].estimated], [40, 107, false]);
});

Deno.test("GET /api/daily: a first cycle that begins at 10:30 shares its day with the events before", async () => {
  using services = testServices();
  const cycle = moments("2026-11-10T10:30:00Z", "2026-12-10T10:30:00Z");
  store(services.stores, snapshot("2026-11-10T12:00:00Z", [row("opus", 1)], { cycle }));
  services.stores.events.merge([event("2026-11-10T09:00:00Z", 2), event("2026-11-10T11:00:00Z", 1)]);
  assert.deepEqual(await daily(services, "?from=2026-11-01&to=2026-11-30"), [["2026-11-10", 3]]);
});

Deno.test("GET /api/daily: where the first cycle does not tell its start, events that it may hold do not count", async () => {
  using services = testServices();
  const cycle = { ...moments("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"), start: null, startAt: null };
  store(services.stores, snapshot("2026-11-20T12:00:00Z", [row("opus", 4)], { cycle }));
  // At most 31 days before its end: from October 31 on.
  services.stores.events.merge([event("2026-10-30T23:00:00Z", 2), event("2026-10-31T01:00:00Z", 1)]);
  assert.deepEqual(await daily(services, "?from=2026-10-01&to=2026-11-30"), [["2026-10-30", 2], ["2026-11-20", 4]]);
});

Deno.test("GET /api/summary tells the hour of an anomaly where events do, else null", async () => {
  using services = testServices({ now: "2026-11-11T12:00:00Z" });
  fillTwoCycles(services);
  const rows = [row("opus", 14), row("auto", 4)];
  store(services.stores, snapshot("2026-11-11T12:00:00Z", rows));
  const hours = async () => {
    const { anomalies } = await (await services.app.request("/api/summary")).json();
    return anomalies.map(({ kind, hour }: { kind: string; hour: number | null }) => [kind, hour]);
  };
  // $8 on a day where $1 is usual.
  assert.deepEqual(await hours(), [["day_spend", null], ["model_spend", null]]);
  services.stores.events.merge([
    event("2026-11-11T09:10:00Z", 3, { model: "opus" }),
    event("2026-11-11T09:50:00Z", 2, { model: "opus" }),
    event("2026-11-11T11:00:00Z", 3, { model: "opus" }),
    event("2026-11-10T23:00:00Z", 50, { model: "opus" }),
  ]);
  const standing = new Reports(services.services).standing();
  assert.deepEqual(standing?.anomalies.map(({ kind, cause }) => [kind, cause.hour]), [
    ["day_spend", 9],
    ["model_spend", 9],
  ]);
  const text = statusText(standing, { services: services.services, columns: 120 });
  assert.match(text, /opus is far above its usual day \(100 % of the day's spend\), busiest from 9:00 to 10:00/);
});
