import type { Pool, Snapshot, Usage, UsageStore } from "../../domain/capture/usage.ts";
import { UNKNOWN_CYCLE } from "../../domain/cycle.ts";
import { micros } from "../../domain/money.ts";
import { captureOf, htmlPayload, jsonPayload } from "../domain/capture/capture_of.ts";
import { CYCLE, usageRow } from "../domain/capture/rows.ts";
import { alerts } from "./alerts_suite.ts";
import { historyAndBudgets } from "./history_suite.ts";
import { notifications } from "./notifications_suite.ts";
import { sessionsAndFailedPages } from "./sessions_suite.ts";
import type { StoresUnderTest, Test } from "./suite.ts";
import assert from "node:assert/strict";

const AT = Temporal.Instant.from("2026-11-21T19:00:00.125Z");
const LATER = AT.add({ hours: 1 });
const HASH = "a".repeat(64);
const POOL: Pool = { name: "Cursor Models", percentUsed: 12.5, used: null, limit: null };
const ON_DEMAND: Pool = { name: "On-demand", percentUsed: 15.82, used: micros(7_910_000), limit: micros(50_000_000) };
const USAGE: Usage = {
  cycle: CYCLE,
  rows: [
    usageRow({ model: "b", tokens: { cacheRead: 65_000, output: 412, total: 65_412 }, apiCost: micros(1_234_560_000) }),
    usageRow({ model: "a", tokens: { output: 7, total: 7 }, apiCost: null, costToYou: null, costBasis: "unknown" }),
  ],
  pools: [POOL, ON_DEMAND],
  source: "network_json",
  membership: "pro",
};

/** Registers the tests that every implementation of the domain's stores must pass. */
export function storesSuite(name: string, make: () => StoresUnderTest): void {
  const test: Test = (title, body) =>
    Deno.test(`${name}: ${title}`, () => {
      using under = make();
      body(under);
    });
  captures(test);
  snapshots(test);
  checks(test);
  alerts(test);
  notifications(test);
  transactions(test);
  historyAndBudgets(test);
  sessionsAndFailedPages(test);
}

function insert(
  usage: UsageStore,
  { at = AT, of = {} }: { at?: Temporal.Instant; of?: Partial<Usage> } = {},
): Snapshot {
  return usage.insert({ usage: { ...USAGE, ...of }, tableHash: HASH, capturedAt: at, captureId: null, payload: null });
}

/** Temporal's values as text, so that deepEqual compares them. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function captures(test: Test): void {
  test("a capture is loaded as it was saved, its payloads in their order", ({ stores: { captures } }) => {
    const capture = captureOf({
      at: AT,
      payloads: [jsonPayload("b", { text: "ünïcode ✓" }), htmlPayload("<table></table>"), jsonPayload("a", [])],
      evidence: {
        pageStatus: null,
        title: null,
        finalUrl: null,
        apiCalls: [{ path: "/api/x", status: 0 }],
        problems: ["p"],
      },
    });
    assert.deepEqual(plain(captures.load(captures.save(capture))), plain(capture));
  });

  test("an unknown capture is null", ({ stores: { captures } }) => {
    assert.equal(captures.load(1), null);
    assert.deepEqual(captures.list(), []);
  });

  test("only the last twenty captures are kept, listed newest first", ({ stores: { captures } }) => {
    const ids = Array.from(
      { length: 23 },
      (_, n) =>
        captures.save(captureOf({ at: AT.add({ minutes: n }), payloads: n % 2 === 0 ? [] : [jsonPayload("x", n)] })),
    );
    assert.equal(new Set(ids).size, 23);
    assert.deepEqual(captures.list().map(({ id }) => id), ids.slice(3).reverse());
    assert.equal(captures.load(ids[2] ?? 0), null);
    assert.notEqual(captures.load(ids[3] ?? 0), null);
    assert.deepEqual(captures.list().slice(0, 2).map(({ payloads }) => payloads), [0, 1]);
    assert.equal(captures.list()[0]?.capturedAt.toString(), AT.add({ minutes: 22 }).toString());
  });
}

function snapshots(test: Test): void {
  test("insert() answers the snapshot that latest() then finds", ({ stores: { usage } }) => {
    const snapshot = insert(usage);
    assert.deepEqual(plain(snapshot), {
      id: snapshot.id,
      capturedAt: "2026-11-21T19:00:00.125Z",
      lastCheckedAt: "2026-11-21T19:00:00.125Z",
      cycle: { start: "2026-11-10", end: "2026-12-10", startAt: null, endAt: null },
      tableHash: HASH,
      rowsCount: 2,
      source: "network_json",
      membership: "pro",
    });
    assert.deepEqual(plain(usage.latest()), plain(snapshot));
  });

  test("rows and pools come back as they were, in their order, unknown costs unknown", ({ stores: { usage } }) => {
    const { id } = insert(usage);
    assert.deepEqual(usage.rows(id), USAGE.rows);
    assert.deepEqual(usage.pools(id), USAGE.pools);
  });

  test("exact bounds, an unknown cycle and an empty table come back as they were", ({ stores: { usage } }) => {
    const exact = { ...CYCLE, startAt: AT.subtract({ hours: 24 }), endAt: LATER };
    assert.deepEqual(plain(insert(usage, { of: { cycle: exact } }).cycle), plain(exact));
    const empty = insert(usage, {
      of: { cycle: UNKNOWN_CYCLE, rows: [], pools: [], source: "dom_table", membership: null },
    });
    assert.deepEqual(empty.cycle, UNKNOWN_CYCLE);
    assert.deepEqual([empty.rowsCount, empty.source, empty.membership], [0, "dom_table", null]);
    assert.deepEqual([usage.rows(empty.id), usage.pools(empty.id)], [[], []]);
  });

  test("latest() goes by the time of capture, and by the insert where times are equal", ({ stores: { usage } }) => {
    assert.equal(usage.latest(), null);
    const newest = insert(usage, { at: LATER });
    insert(usage, { at: AT });
    assert.equal(usage.latest()?.id, newest.id);
    const twin = insert(usage, { at: LATER });
    assert.equal(usage.latest()?.id, twin.id);
  });

  test("latestAt() answers the newest at or before the moment", ({ stores: { usage } }) => {
    const first = insert(usage, { at: AT });
    const second = insert(usage, { at: LATER });
    assert.equal(usage.latestAt(AT.subtract({ milliseconds: 1 })), null);
    assert.equal(usage.latestAt(AT)?.id, first.id);
    assert.equal(usage.latestAt(LATER.subtract({ milliseconds: 1 }))?.id, first.id);
    assert.equal(usage.latestAt(LATER)?.id, second.id);
  });

  test("a snapshot that is not there has no rows and no pools", ({ stores: { usage } }) => {
    assert.deepEqual(usage.rows(99), []);
    assert.deepEqual(usage.pools(99), []);
  });
}

function checks(test: Test): void {
  test("check() moves the last check forward, never back, and nothing else", ({ stores: { usage } }) => {
    const snapshot = insert(usage);
    const other = insert(usage, { at: AT.subtract({ hours: 5 }) });
    usage.check(snapshot.id, LATER, USAGE.pools);
    usage.check(snapshot.id, AT, []);
    assert.deepEqual(plain(usage.latest()), plain({ ...snapshot, lastCheckedAt: LATER }));
    assert.deepEqual(usage.rows(snapshot.id), USAGE.rows);
    assert.deepEqual(plain(usage.latestAt(other.capturedAt)), plain(other));
  });

  test("check() keeps pools that changed, and the last ones where none were read", ({ stores: { usage } }) => {
    const { id } = insert(usage);
    const changed = [{ ...POOL, percentUsed: 13 }];
    usage.check(id, LATER, changed);
    assert.deepEqual(usage.pools(id), changed);
    usage.check(id, LATER.add({ hours: 1 }), []);
    assert.deepEqual(usage.pools(id), changed);
    usage.check(id, LATER.add({ hours: 2 }), USAGE.pools);
    assert.deepEqual(usage.pools(id), USAGE.pools);
  });

  test("check() at the moment of the last one replaces its pools", ({ stores: { usage } }) => {
    const { id } = insert(usage);
    usage.check(id, AT, [ON_DEMAND]);
    assert.deepEqual(usage.pools(id), [ON_DEMAND]);
  });
}

function transactions(test: Test): void {
  test("a transaction that fails leaves nothing of what it wrote", ({ stores, transaction }) => {
    const { id } = insert(stores.usage);
    const before = plain([stores.usage.latest(), stores.captures.list(), stores.alerts.list(9)]);
    assert.throws(() =>
      transaction((tx) => {
        tx.captures.save(captureOf({ at: LATER }));
        tx.usage.check(id, LATER, [ON_DEMAND]);
        insert(tx.usage, { at: LATER });
        tx.alerts.open({ kind: "scrape_error", dedupeKey: "k", details: "", at: LATER });
        throw new Error("too late");
      }), /too late/);
    assert.deepEqual(plain([stores.usage.latest(), stores.captures.list(), stores.alerts.list(9)]), before);
    assert.deepEqual(stores.usage.pools(id), USAGE.pools);
  });

  test("a transaction that succeeds keeps all that it wrote", ({ stores, transaction }) => {
    transaction((tx) => {
      tx.captures.save(captureOf({ at: AT }));
      insert(tx.usage);
    });
    assert.equal(stores.captures.list().length, 1);
    assert.equal(stores.usage.latest()?.rowsCount, 2);
  });
}
