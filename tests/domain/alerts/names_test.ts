import type { Alert } from "../../../domain/alerts/alert.ts";
import { cycleName } from "../../../domain/alerts/facts.ts";
import { newsOf } from "../../../domain/alerts/news.ts";
import type { AlertKind } from "../../../domain/alerts/rules.ts";
import { thresholdHit } from "../../../domain/alerts/rules/threshold_hit.ts";
import { type BillingCycle, UNKNOWN_CYCLE } from "../../../domain/cycle.ts";
import type { StoredCycle } from "../../../domain/history/stored_cycle.ts";
import { date, dates, instant, moments } from "../history/snapshots.ts";
import assert from "node:assert/strict";

function stored(cycle: BillingCycle, firstCapturedAt = "2026-11-21T20:00:00Z"): StoredCycle {
  return { id: 1, cycle, key: date("2026-11-10"), firstCapturedAt: instant(firstCapturedAt), lastSnapshotId: 1 };
}

const NOVEMBER = dates("2026-11-10", "2026-12-10");
const SINCE = "since 2026-11-21T20:00:00Z";

Deno.test("a cycle is named by its start, or by its first snapshot where that is not told", () => {
  assert.equal(cycleName(stored(NOVEMBER), []), "2026-11-10");
  assert.equal(cycleName(stored(UNKNOWN_CYCLE), []), SINCE);
});

Deno.test("a cycle keeps the name that its alerts have when its start gets known or moves by a day", () => {
  assert.equal(cycleName(stored(NOVEMBER), ["2026-10-10", SINCE]), SINCE);
  assert.equal(
    cycleName(stored(moments("2026-11-10T17:00:00Z", "2026-12-10T17:00:00Z")), ["2026-11-10"]),
    "2026-11-10",
  );
  assert.equal(
    cycleName(stored(moments("2026-11-11T02:00:00Z", "2026-12-11T02:00:00Z")), ["2026-11-10"]),
    "2026-11-10",
  );
  assert.equal(cycleName(stored(UNKNOWN_CYCLE), [SINCE]), SINCE);
});

Deno.test("a name of another cycle is not taken over", () => {
  assert.equal(cycleName(stored(dates("2026-12-10", "2027-01-10")), ["2026-11-10", SINCE]), "2026-12-10");
  assert.equal(cycleName(stored(UNKNOWN_CYCLE, "2026-12-20T00:00:00Z"), [SINCE]), "since 2026-12-20T00:00:00Z");
  assert.equal(cycleName(stored(dates("2026-10-10", "2026-11-10")), ["2026-11-10", SINCE]), "2026-10-10");
});

Deno.test("what was passed is told by its key, whatever the cycle and the pool are called", () => {
  const headline = (key: string) => thresholdHit.opened([alert(1, "threshold_hit", key)]);
  assert.equal(headline("threshold_hit:2026-11-10:spend:5000000"), "Spend passed $5.00");
  assert.equal(headline(`threshold_hit:${SINCE}:spend:18500000`), "Spend passed $18.50");
  assert.equal(headline("threshold_hit:2026-11-10:budget:80:20000000"), "Spend passed 80 % of the budget of $20.00");
  assert.equal(headline("threshold_hit:2026-11-10:pool:100:A: b:c"), "Usage passed 100 % of A: b:c");
});

function alert(id: number, kind: AlertKind, dedupeKey = String(id)): Alert {
  const times = { triggeredAt: instant("2026-11-21T20:00:00Z"), clearedAt: instant("2026-11-21T21:00:00Z") };
  return { id, kind, dedupeKey, details: `why ${id}`, cycle: null, ...times, isRecovered: true, acknowledgedAt: null };
}

Deno.test("thresholds are one piece of news, and what opened comes before what is over", () => {
  const key = (limit: number) => `threshold_hit:2026-11-10:spend:${limit}000000`;
  const news = newsOf([
    { alert: alert(4, "scrape_error"), purpose: "cleared" },
    { alert: alert(3, "threshold_hit", key(10)), purpose: "opened" },
    { alert: alert(2, "anomaly"), purpose: "opened" },
    { alert: alert(1, "threshold_hit", key(5)), purpose: "opened" },
  ]);
  assert.deepEqual(news.map(({ headline }) => headline), [
    "Spend passed $5.00 and $10.00",
    "Unusual usage",
    "The usage page can be read again",
  ]);
  assert.deepEqual(news.map(({ clearedAt }) => clearedAt), [null, null, "2026-11-21T21:00:00Z"]);
  assert.deepEqual(news.map(({ reason }) => reason), ["why 1\nwhy 3", "why 2", "It was: why 4"]);
});
