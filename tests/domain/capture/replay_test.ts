import { rehearsal } from "../../../adapters/sqlite/transaction.ts";
import { type CaptureReading, hasChanges, replay } from "../../../domain/capture/replay.ts";
import { tableHash } from "../../../domain/capture/table_hash.ts";
import type { Usage } from "../../../domain/capture/usage.ts";
import type { UsageEvent } from "../../../domain/events/event.ts";
import { micros } from "../../../domain/money.ts";
import type { Stores } from "../../../domain/stores.ts";
import { testDatabase } from "../../adapters/sqlite/test_database.ts";
import { makeEvent } from "../events/make_event.ts";
import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";

const T0 = Temporal.Instant.from("2026-11-21T10:00:00Z");
const at = (hour: number) => T0.add({ hours: hour });

function usageOf(apiMicros: number, models = ["model-a"]): Usage {
  return {
    cycle: {
      start: Temporal.PlainDate.from("2026-11-10"),
      end: Temporal.PlainDate.from("2026-12-10"),
      startAt: null,
      endAt: null,
    },
    rows: models.map((model) => ({
      model,
      tokens: { inputWithCacheWrite: 1, inputWithoutCacheWrite: 2, cacheRead: 3, output: 4, total: 10 },
      apiCost: micros(apiMicros),
      costToYou: null,
      costBasis: "included",
    })),
    pools: [{ name: "Cursor Models", percentUsed: 12, used: null, limit: null }],
    source: "network_json",
    membership: "pro",
  };
}

async function reading(
  hour: number,
  usage: Usage | null,
  events: readonly UsageEvent[] = [],
): Promise<CaptureReading> {
  const windows = [{ scope: { kind: "current_cycle" as const }, events, isComplete: true }];
  const hash = usage === null ? null : await tableHash(usage);
  return {
    captureId: hour + 1,
    capturedAt: at(hour),
    read: { usage, payload: 0, windows, problems: [] },
    tableHash: hash,
  };
}

/** What older code has made of captures: a snapshot at hour 0, checked until `checkedUntil`. */
async function withHistory(
  { was, checkedUntil }: { was: Usage; checkedUntil: number },
  use: (stores: Stores, db: DatabaseSync) => Promise<void>,
): Promise<void> {
  using database = testDatabase();
  const { db, stores } = database;
  const hash = await tableHash(was);
  const { id } = stores.usage.insert({ usage: was, tableHash: hash, capturedAt: T0, captureId: null, payload: null });
  stores.usage.check(id, at(checkedUntil), was.pools);
  await use(stores, db);
}

Deno.test("captures that are read as before change nothing", async () => {
  await withHistory({ was: usageOf(100), checkedUntil: 2 }, async (stores) => {
    const replayed = replay(stores, await Promise.all([0, 1, 2].map((hour) => reading(hour, usageOf(100)))));
    assert.deepEqual(replayed.map(({ outcome }) => outcome), ["same", "same", "same"]);
    assert.ok(!replayed.some(hasChanges));
  });
});

Deno.test("a snapshot that is read otherwise is superseded, and the checks after it agree with the new one", async () => {
  await withHistory({ was: usageOf(100), checkedUntil: 2 }, async (stores, db) => {
    const replayed = replay(stores, await Promise.all([2, 0, 1].map((hour) => reading(hour, usageOf(250)))));
    assert.deepEqual(replayed.map(({ outcome }) => outcome), ["corrected", "same", "same"]);
    assert.deepEqual(replayed[0]?.changes, [
      { model: "model-a", figure: "api_cost_micros", before: 100, after: 250 },
    ]);
    const latest = stores.usage.latest();
    assert.equal(String(latest?.capturedAt), String(T0));
    assert.equal(String(latest?.lastCheckedAt), String(at(2)));
    assert.deepEqual(stores.usage.rows(latest?.id ?? 0).map(({ apiCost }) => Number(apiCost)), [250]);
    assert.deepEqual(stores.usage.pools(latest?.id ?? 0).map(({ percentUsed }) => percentUsed), [12]);
    const kept = db.prepare("SELECT id, superseded_by FROM snapshots ORDER BY id").all();
    assert.deepEqual(kept.map((row) => [row["id"], row["superseded_by"]]), [[1, 2], [2, null]]);
  });
});

Deno.test("a check that is read otherwise begins a snapshot of its own, up to the old one's last check", async () => {
  await withHistory({ was: usageOf(100), checkedUntil: 3 }, async (stores) => {
    const [first, second, third, last] = [usageOf(100), usageOf(100), usageOf(300), usageOf(300)];
    const readings = await Promise.all([first, second, third, last].map((usage, hour) => reading(hour, usage)));
    const replayed = replay(stores, readings);
    assert.deepEqual(replayed.map(({ outcome }) => outcome), ["same", "same", "inserted", "same"]);
    const before = stores.usage.latestAt(at(1));
    const after = stores.usage.latestAt(at(2));
    assert.deepEqual([String(before?.capturedAt), String(before?.lastCheckedAt)], [String(T0), String(at(1))]);
    assert.deepEqual([String(after?.capturedAt), String(after?.lastCheckedAt)], [String(at(2)), String(at(3))]);
  });
});

Deno.test("a capture without a table, or suddenly without rows, takes nothing away", async () => {
  await withHistory({ was: usageOf(100), checkedUntil: 0 }, async (stores) => {
    const replayed = replay(stores, [await reading(1, null), await reading(2, usageOf(0, []))]);
    assert.deepEqual(replayed.map(({ outcome }) => outcome), ["no_table", "emptied"]);
    assert.equal(stores.usage.latest()?.rowsCount, 1);
  });
});

Deno.test("a figure that was damaged in the database is found although the hash still stands", async () => {
  await withHistory({ was: usageOf(100), checkedUntil: 0 }, async (stores, db) => {
    db.exec("UPDATE usage_events SET api_cost_micros = 7");
    const [replayed] = replay(stores, [await reading(0, usageOf(100))]);
    assert.deepEqual(replayed?.changes.map(({ before, after }) => [before, after]), [[7, 100]]);
  });
});

Deno.test("events are corrected by the same capture, and a rehearsal writes none of it", async () => {
  const wrong = makeEvent({ api: 900, source: "dashboard", readAt: String(T0) });
  const right = makeEvent({ api: 90, source: "dashboard", readAt: String(T0) });
  await withHistory({ was: usageOf(100), checkedUntil: 0 }, async (stores, db) => {
    stores.events.merge([wrong]);
    const readings = [await reading(0, usageOf(100), [right])];
    const costs = () => [...stores.events.read()].map(({ cost }) => Number(cost.api));
    assert.deepEqual(rehearsal(db, () => replay(stores, readings))[0]?.events, { added: 0, updated: 1 });
    assert.deepEqual(costs(), [900]);
    assert.deepEqual(replay(stores, readings)[0]?.events, { added: 0, updated: 1 });
    assert.deepEqual(costs(), [90]);
    assert.deepEqual(replay(stores, readings)[0]?.events, { added: 0, updated: 0 });
  });
});
