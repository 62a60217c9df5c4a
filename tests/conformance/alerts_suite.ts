import type { NewAlert } from "../../domain/alerts/alert.ts";
import type { AlertKind } from "../../domain/alerts/rules.ts";
import type { Test } from "./suite.ts";
import assert from "node:assert/strict";

const AT = Temporal.Instant.from("2026-11-21T19:00:00.125Z");
const LATER = AT.add({ hours: 1 });

/** Temporal's values as text, so that deepEqual compares them. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function alert(dedupeKey: string, kind: AlertKind = "scrape_error"): NewAlert {
  return { kind, dedupeKey, details: "why", at: AT };
}

/** Registers the tests of alerts. */
export function alerts(test: Test): void {
  openAndList(test);
  endsAndCycles(test);
}

function openAndList(test: Test): void {
  test("open() answers whether the key was new, and a key is used once", ({ stores: { alerts } }) => {
    assert.equal(alerts.open(alert("k1")), true);
    assert.equal(alerts.open({ ...alert("k1"), details: "again" }), false);
    assert.equal(alerts.close(alerts.listOpen()[0]?.id ?? 0, { at: LATER, isRecovered: true }), true);
    assert.equal(alerts.open(alert("k1")), false);
    const [only, ...others] = alerts.list(10);
    assert.equal(others.length, 0);
    assert.deepEqual(plain(only), {
      id: only?.id,
      kind: "scrape_error",
      details: "why",
      dedupeKey: "k1",
      cycle: null,
      triggeredAt: "2026-11-21T19:00:00.125Z",
      clearedAt: "2026-11-21T20:00:00.125Z",
      isRecovered: true,
      acknowledgedAt: null,
    });
  });

  test("an alert of a kind that no rule of this version has is kept and read as well", ({ stores: { alerts } }) => {
    alerts.open({ ...alert("k1"), kind: "of_a_later_version" });
    assert.deepEqual(alerts.listOpen("of_a_later_version").map(({ dedupeKey }) => dedupeKey), ["k1"]);
  });

  test("alerts are listed newest first, open ones by kind, all up to a limit", ({ stores: { alerts } }) => {
    alerts.open(alert("k1"));
    alerts.open(alert("t1", "threshold_hit"));
    alerts.open(alert("k2"));
    const keys = (list: ReturnType<typeof alerts.list>) => list.map(({ dedupeKey }) => dedupeKey);
    assert.deepEqual(keys(alerts.listOpen()), ["k2", "t1", "k1"]);
    assert.deepEqual(keys(alerts.listOpen("scrape_error")), ["k2", "k1"]);
    assert.deepEqual(keys(alerts.listOpen("no_data_24h")), []);
    assert.deepEqual(keys(alerts.list(2)), ["k2", "t1"]);
  });
}

function endsAndCycles(test: Test): void {
  test("close() ends one open alert, and says whether it recovered", ({ stores: { alerts } }) => {
    alerts.open(alert("k1"));
    alerts.open(alert("k2"));
    const [second, first] = alerts.list(2);
    assert.equal(alerts.close(first?.id ?? 0, { at: LATER, isRecovered: false }), true);
    assert.equal(alerts.close(first?.id ?? 0, { at: AT, isRecovered: true }), false);
    assert.equal(alerts.close(99, { at: AT, isRecovered: true }), false);
    assert.deepEqual(alerts.listOpen().map(({ id }) => id), [second?.id]);
    assert.equal(alerts.find(first?.id ?? 0)?.clearedAt?.toString(), LATER.toString());
    assert.equal(alerts.find(first?.id ?? 0)?.isRecovered, false);
    assert.equal(alerts.find(99), null);
  });

  test("ack() keeps the first time, and leaves the alert open", ({ stores: { alerts } }) => {
    alerts.open(alert("k1"));
    const id = alerts.list(1)[0]?.id ?? 0;
    assert.equal(alerts.ack(id, AT)?.acknowledgedAt?.toString(), AT.toString());
    assert.equal(alerts.ack(id, LATER)?.acknowledgedAt?.toString(), AT.toString());
    assert.equal(alerts.listOpen().length, 1);
    assert.equal(alerts.ack(99, AT), null);
  });

  test("the alerts of a cycle are found by its name, oldest first", ({ stores: { alerts } }) => {
    alerts.open({ ...alert("k1", "threshold_hit"), cycle: "2026-11-10" });
    alerts.open(alert("k2"));
    alerts.open({ ...alert("k3", "threshold_hit"), cycle: "2026-10-10" });
    alerts.open({ ...alert("k4", "anomaly"), cycle: "2026-11-10" });
    assert.deepEqual(alerts.cycles(), ["2026-11-10", "2026-10-10"]);
    assert.deepEqual(alerts.ofCycle("2026-11-10").map(({ dedupeKey }) => dedupeKey), ["k1", "k4"]);
    assert.deepEqual(alerts.ofCycle("2026-12-10"), []);
  });

  test("the watch is null before the first sweep, then as it was saved last", ({ stores: { alerts } }) => {
    assert.equal(alerts.watch(), null);
    alerts.saveWatch({ since: AT, resumedAt: AT, lastSweepAt: AT });
    alerts.saveWatch({ since: AT, resumedAt: AT, lastSweepAt: LATER });
    assert.deepEqual(plain(alerts.watch()), plain({ since: AT, resumedAt: AT, lastSweepAt: LATER }));
  });
}
