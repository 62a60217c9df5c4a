import { type Alert, type AlertWatch, watchOn } from "../../../../domain/alerts/alert.ts";
import type { AlertFacts } from "../../../../domain/alerts/facts.ts";
import { noData24h } from "../../../../domain/alerts/rules/no_data_24h.ts";
import assert from "node:assert/strict";

const at = (text: string) => Temporal.Instant.from(text);

/** Facts of which only silence is of interest. */
function facts(
  { now, checked, watch, open = [] }: { now: string; checked: string | null; watch: AlertWatch; open?: Alert[] },
): AlertFacts {
  return {
    now: at(now),
    watch,
    latest: checked === null ? null : { lastCheckedAt: at(checked) },
    scrapes: { firstFailure: null, lastSuccess: null },
    lost: { figures: [], since: null },
    cycle: null,
    open,
    limits: { thresholds: [], percents: [] },
  };
}

const long: AlertWatch = {
  since: at("2026-11-01T00:00:00Z"),
  resumedAt: at("2026-11-01T00:00:00Z"),
  lastSweepAt: at("2026-11-21T19:45:00Z"),
};

function alert(dedupeKey: string): Alert {
  const ends = { clearedAt: null, isRecovered: false, acknowledgedAt: null };
  return { id: 1, kind: "no_data_24h", details: "", dedupeKey, cycle: null, triggeredAt: long.since, ...ends };
}

const keys = (input: Parameters<typeof facts>[0]) =>
  noData24h.judge(facts(input)).open.map(({ dedupeKey }) => dedupeKey);

Deno.test("silence is an alarm after 24 hours, counted from the last successful check", () => {
  const checked = "2026-11-20T20:00:00Z";
  assert.deepEqual(keys({ now: "2026-11-21T20:00:00Z", checked, watch: long }), []);
  assert.deepEqual(keys({ now: "2026-11-21T20:00:01Z", checked, watch: long }), ["no_data_24h:2026-11-20T20:00:00Z"]);
});

Deno.test("where there never was a success, silence counts from the first sweep", () => {
  const watch = { ...long, since: at("2026-11-20T20:00:00Z") };
  assert.deepEqual(keys({ now: "2026-11-21T19:00:00Z", checked: null, watch }), []);
  assert.deepEqual(keys({ now: "2026-11-21T20:15:00Z", checked: null, watch }), ["no_data_24h:never"]);
});

Deno.test("a machine that was off for days gives the first scrape half an hour before it alarms", () => {
  const checked = "2026-11-18T20:00:00Z";
  const watch = watchOn({ ...long, lastSweepAt: at("2026-11-18T20:00:00Z") }, at("2026-11-21T20:00:00Z"));
  assert.deepEqual(keys({ now: "2026-11-21T20:00:00Z", checked, watch }), []);
  assert.deepEqual(keys({ now: "2026-11-21T20:29:00Z", checked, watch }), []);
  assert.equal(keys({ now: "2026-11-21T20:30:00Z", checked, watch }).length, 1);
});

Deno.test("only a newer check ends the alert; a recent one is a recovery", () => {
  const open = [alert("no_data_24h:2026-11-18T20:00:00Z")];
  const judge = (checked: string, now = "2026-11-21T20:00:00Z") =>
    noData24h.judge(facts({ now, checked, watch: long, open })).close.map(({ isRecovered }) => isRecovered);
  assert.deepEqual(judge("2026-11-18T20:00:00Z"), []);
  assert.deepEqual(judge("2026-11-18T20:00:00Z", "2026-11-18T21:00:00Z"), []);
  assert.deepEqual(judge("2026-11-21T19:59:00Z"), [true]);
  assert.deepEqual(judge("2026-11-19T20:00:00Z"), [false]);
});

Deno.test("a check that a wrong clock put into the future says nothing for ever", () => {
  const watch = { ...long, resumedAt: at("2026-11-20T19:00:00Z") };
  assert.equal(keys({ now: "2026-11-21T20:00:00Z", checked: "2027-05-01T00:00:00Z", watch }).length, 1);
  assert.equal(keys({ now: "2026-11-21T18:00:00Z", checked: "2027-05-01T00:00:00Z", watch }).length, 0);
});

Deno.test("a watch goes on over hourly sweeps, and begins anew after a pause or a clock set back", () => {
  const start = watchOn(null, at("2026-11-21T10:00:00Z"));
  const hourly = watchOn(start, at("2026-11-21T11:05:00Z"));
  assert.deepEqual([hourly.since, hourly.resumedAt].map(String), Array(2).fill("2026-11-21T10:00:00Z"));
  const later = watchOn(hourly, at("2026-11-21T14:00:00Z"));
  assert.deepEqual([later.since, later.resumedAt].map(String), ["2026-11-21T10:00:00Z", "2026-11-21T14:00:00Z"]);
  assert.equal(String(watchOn(later, at("2026-11-20T14:00:00Z")).resumedAt), "2026-11-20T14:00:00Z");
});
