import { type Micros, micros } from "../../domain/money.ts";
import type { Stores } from "../../domain/stores.ts";
import { CYCLE, usageRow } from "../domain/capture/rows.ts";
import type { Test } from "./suite.ts";
import assert from "node:assert/strict";

const DAY = (day: number) => Temporal.Instant.from(`2026-11-${day}T10:00:00Z`);

/** What one model's table said on a day, recorded as a scrape records it. */
function record({ usage, history }: Stores, { day, spent }: { day: number; spent: Micros }): void {
  const rows = [usageRow({ model: "opus", tokens: { output: spent, total: spent }, apiCost: spent })];
  const snapshot = usage.insert({
    usage: { cycle: CYCLE, rows, pools: [], source: "network_json", membership: null },
    tableHash: String(day).padStart(64, "0"),
    capturedAt: DAY(day),
    captureId: null,
    payload: null,
  });
  history.record(snapshot, rows);
}

/** What every history and budget store must do. */
export function historyAndBudgets(test: Test): void {
  test("days add up to the cycle's newest figure, and are read by date", ({ stores }) => {
    record(stores, { day: 12, spent: micros(3_000_000) });
    stores.usage.check(1, DAY(14), []);
    record(stores, { day: 15, spent: micros(5_000_001) });
    const [cycle] = stores.history.cycles();
    assert.equal(cycle?.key.toString(), "2026-11-10");
    assert.equal(cycle?.lastSnapshotId, 2);
    assert.equal(stores.history.current()?.id, cycle?.id);
    const days = stores.history.days({});
    assert.equal(days.reduce((sum, { apiCost }) => sum + (apiCost ?? 0), 0), 5_000_001);
    const from = Temporal.PlainDate.from("2026-11-14");
    assert.ok(stores.history.days({ from }).every(({ date }) => Temporal.PlainDate.compare(date, from) >= 0));
    assert.equal(stores.history.find(Temporal.PlainDate.from("2026-11-10"))?.id, cycle?.id);
    assert.equal(stores.history.find(Temporal.PlainDate.from("2026-10-10")), null);
  });

  test("a budget counts from when it was set, and the past keeps its own", ({ stores: { budgets } }) => {
    assert.equal(budgets.at(DAY(12)), null);
    budgets.set(micros(20_000_000), DAY(12));
    budgets.set(micros(30_000_000), DAY(15));
    assert.equal(budgets.at(DAY(11)), null);
    assert.equal(budgets.at(DAY(14))?.amount, 20_000_000);
    assert.equal(budgets.at(DAY(15))?.amount, 30_000_000);
    assert.deepEqual(budgets.list().map(({ amount }) => amount), [30_000_000, 20_000_000]);
    assert.throws(() => budgets.set(micros(5), DAY(16)), RangeError);
  });

  test("the version changes with each write and not without", ({ stores }) => {
    const before = stores.version();
    assert.equal(stores.version(), before);
    stores.budgets.set(micros(10_000), DAY(12));
    // It may be remembered for a moment, as it is asked for with each answer over HTTP.
    let version = before;
    for (let asked = 0; version === before && asked < 10_000_000; asked++) version = stores.version();
    assert.notEqual(version, before);
  });
}
