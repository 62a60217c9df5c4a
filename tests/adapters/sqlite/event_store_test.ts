import { SqliteEventStore } from "../../../adapters/sqlite/events.ts";
import { UNKNOWN_TOKENS, type UsageEvent } from "../../../domain/events/event.ts";
import { countsOf, makeEvent, tokens, totalOnly } from "../../domain/events/make_event.ts";
import { propertyRuns } from "../../domain/property_runs.ts";
import { memoryDatabase } from "./test_database.ts";
import fc from "fast-check";
import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";

function withStore(use: (store: SqliteEventStore, db: DatabaseSync) => void): void {
  using db = memoryDatabase();
  use(new SqliteEventStore(db), db);
}

function contentOf(db: DatabaseSync): string[] {
  const rows = db.prepare("SELECT * FROM events").all().map(({ id: _, ...row }) => JSON.stringify(row));
  return rows.sort();
}

const plain = (events: Iterable<UsageEvent>) => JSON.parse(JSON.stringify([...events]));

Deno.test("an event comes back as it was stored, unknown figures included", () => {
  const events = [
    makeEvent({ at: "2026-11-20T10:00:00.001Z", kind: "usage_based", api: 401_670, stated: 373_303 }),
    makeEvent({ at: "2026-11-20T10:00:00.002Z", user: "ann", tokens: totalOnly(7), api: null, saidIncluded: true }),
    makeEvent({ at: "2026-11-20T10:00:00.003Z", tokens: UNKNOWN_TOKENS, kind: "unknown", api: 3, source: "dashboard" }),
  ];
  withStore((store, db) => {
    assert.deepEqual(countsOf(store.merge(events.toReversed())), { added: 3, updated: 0, known: 0 });
    assert.deepEqual(plain(store.read()), plain(events));
    const [billed, , odd] = db.prepare("SELECT charged_micros, charged_cents, cost_basis FROM events ORDER BY at")
      .all();
    assert.deepEqual({ ...billed }, { charged_micros: 373_303, charged_cents: 37, cost_basis: "billed" });
    assert.deepEqual({ ...odd }, { charged_micros: null, charged_cents: null, cost_basis: "unknown" });
  });
});

Deno.test("equal events keep distinct numbers when an amount, or their tokens, become known", () => {
  const bare = (readAt: string) => [1, 2, 3].map(() => makeEvent({ tokens: totalOnly(100), api: 10_000, readAt }));
  const whole = [10_000, 20_000, 30_000].map((api) => makeEvent({ api, readAt: "2026-11-21T00:00:00Z" }));
  withStore((store, db) => {
    store.merge(bare("2026-11-20T12:00:00Z"));
    assert.deepEqual(countsOf(store.merge(whole)), { added: 0, updated: 3, known: 0 });
    const rows = db.prepare("SELECT occurrence, output_tokens FROM events ORDER BY occurrence").all();
    assert.deepEqual(rows.map((row) => [row["occurrence"], row["output_tokens"]]), [[1, 40], [2, 40], [3, 40]]);
  });
});

Deno.test("overlapping windows in any order leave the same rows behind", () => {
  const event = fc.record({ second: fc.nat(4), model: fc.constantFrom("a", "b"), output: fc.nat(1), cost: fc.nat(2) });
  const cases = fc.record({
    events: fc.array(event, { minLength: 1, maxLength: 15 }),
    windows: fc.array(fc.record({ from: fc.nat(4), length: fc.nat(4), isOld: fc.boolean() }), { minLength: 2 }),
    order: fc.infiniteStream(fc.nat()),
  });
  fc.assert(
    fc.property(cases, ({ events, windows, order }) => {
      const files = windows.map(({ from, length, isOld }, file) =>
        events.filter(({ second }) => second >= from && second <= from + length).map((
          { second, model, output, cost },
        ) =>
          makeEvent({
            at: `2026-11-20T10:00:0${second}Z`,
            model,
            tokens: tokens(1, 2, 3, output),
            api: isOld ? null : 10_000 * (cost + 1),
            saidIncluded: isOld,
            readAt: isOld ? `2026-11-20T11:00:${10 + file}Z` : `2026-11-20T12:00:${10 + file}Z`,
          })
        )
      );
      const other = files.map((file) => ({ file, at: order.next().value ?? 0 })).sort((a, b) => a.at - b.at);
      let first: string[] = [];
      withStore((store, db) => {
        for (const file of files) store.merge(file);
        first = contentOf(db);
      });
      withStore((store, db) => {
        for (const { file } of [...other, ...other.slice(0, 1)]) store.merge(file);
        assert.deepEqual(contentOf(db), first);
      });
    }),
    { numRuns: propertyRuns(60) },
  );
});
