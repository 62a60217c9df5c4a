import {
  type Capture,
  type CaptureStore,
  KEPT_CAPTURES,
  KEPT_FAILURES,
  type KeptFailure,
} from "../../domain/capture/capture.ts";
import type { Pool, Snapshot, UsageRow, UsageStore } from "../../domain/capture/usage.ts";
import type { TimeRange } from "../../domain/clock.ts";
import { ownEvents } from "../../domain/history/own_events.ts";
import type { Micros } from "../../domain/money.ts";
import type { Budget, BudgetStore } from "../../domain/report/budget.ts";
import type { Stores } from "../../domain/stores.ts";
import { MemoryAlertStore } from "./alert_store.ts";
import { MemoryEventStore, MemoryShapeStore } from "./event_store.ts";
import { MemoryHistoryStore, type SnapshotWithRows } from "./history_store.ts";
import { MemoryNotificationStore } from "./notification_store.ts";
import { MemoryRollupStore } from "./rollup_store.ts";
import type { MemoryTx } from "./run_store.ts";
import { MemorySessionStore } from "./session_store.ts";
import { EMPTY_STATE, type Holder, type KeptSnapshot, type State } from "./state.ts";

/** Those that count, oldest first. */
function snapshotsWithRows({ snapshots }: State): SnapshotWithRows[] {
  return snapshots.filter(({ isSuperseded }) => !isSuperseded)
    .map(({ snapshot, rows }) => ({ ...snapshot, rows }))
    .sort((a, b) => Temporal.Instant.compare(a.capturedAt, b.capturedAt) || a.id - b.id);
}

/** The domain's stores in memory, for tests and trials; what a step of `MemoryRunStore` writes with. */
export function memoryStores({ timeZone = "UTC" }: { timeZone?: string } = {}): MemoryTx<Stores> {
  const holder: Holder = { state: EMPTY_STATE };
  const events = new MemoryEventStore();
  const shapes = new MemoryShapeStore();
  const rollups = new MemoryRollupStore();
  const sessions = new MemorySessionStore();
  const versions = new WeakMap<State, number>();
  let newest = 0;
  return {
    tx: {
      captures: new MemoryCaptureStore(holder),
      usage: new MemoryUsageStore(holder),
      alerts: new MemoryAlertStore(holder),
      notifications: new MemoryNotificationStore(holder),
      history: new MemoryHistoryStore(() => snapshotsWithRows(holder.state), {
        timeZone,
        eventsOf: (range) => ownEvents(events.read(range)),
      }),
      budgets: new MemoryBudgetStore(holder),
      events,
      shapes,
      rollups,
      sessions,
      version() {
        const version = versions.get(holder.state) ?? ++newest;
        versions.set(holder.state, version);
        return String(version);
      },
    },
    snapshot() {
      const before = holder.state;
      const undo = [events.snapshot(), shapes.snapshot(), rollups.snapshot(), sessions.snapshot()];
      return () => {
        holder.state = before;
        for (const one of undo) one();
      };
    },
  };
}

class MemoryCaptureStore implements CaptureStore {
  readonly #holder: Holder;

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  save(capture: Capture): number {
    const { state } = this.#holder;
    const id = state.lastCaptureId + 1;
    const all = [...state.captures, { id, capture }];
    const failed = all.filter((kept) => kept.capture.failedPage !== undefined).slice(-KEPT_FAILURES);
    const captures = all.filter((kept, place) => place >= all.length - KEPT_CAPTURES || failed.includes(kept));
    this.#holder.state = { ...state, captures, lastCaptureId: id };
    return id;
  }

  load(captureId: number): Capture | null {
    const kept = this.#holder.state.captures.find(({ id }) => id === captureId);
    if (kept === undefined) return null;
    const { capturedAt, payloads, evidence } = kept.capture;
    return { capturedAt, payloads, evidence };
  }

  lastFailure(): KeptFailure | null {
    for (const { id, capture: { capturedAt, evidence, failedPage } } of this.#holder.state.captures.toReversed()) {
      if (failedPage !== undefined) return { captureId: id, capturedAt, evidence, ...failedPage };
    }
    return null;
  }

  list(): ReturnType<CaptureStore["list"]> {
    return this.#holder.state.captures.map(({ id, capture: { capturedAt, payloads } }) => ({
      id,
      capturedAt,
      payloads: payloads.length,
    })).reverse();
  }
}

class MemoryUsageStore implements UsageStore {
  readonly #holder: Holder;

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  latest(): Snapshot | null {
    return this.#newest(() => true);
  }

  latestAt(at: Temporal.Instant): Snapshot | null {
    return this.#newest(({ capturedAt }) => Temporal.Instant.compare(capturedAt, at) <= 0);
  }

  find(snapshotId: number): Snapshot | null {
    return this.#find(snapshotId)?.snapshot ?? null;
  }

  rows(snapshotId: number): UsageRow[] {
    return [...this.#find(snapshotId)?.rows ?? []];
  }

  pools(snapshotId: number): Pool[] {
    return [...this.#find(snapshotId)?.pools ?? []];
  }

  insert({ usage, tableHash, capturedAt }: Parameters<UsageStore["insert"]>[0]): Snapshot {
    const { state } = this.#holder;
    const snapshot: Snapshot = {
      id: state.snapshots.length + 1,
      capturedAt,
      lastCheckedAt: capturedAt,
      cycle: usage.cycle,
      tableHash,
      rowsCount: usage.rows.length,
      source: usage.source,
      membership: usage.membership,
    };
    const { rows, pools } = usage;
    const kept: KeptSnapshot = { snapshot, rows, pools, poolsReadAt: capturedAt, isSuperseded: false };
    this.#holder.state = { ...state, snapshots: [...state.snapshots, kept] };
    return snapshot;
  }

  check(snapshotId: number, at: Temporal.Instant, pools: readonly Pool[]): void {
    const { state } = this.#holder;
    const snapshots = state.snapshots.map((kept) => kept.snapshot.id === snapshotId ? checked(kept, at, pools) : kept);
    this.#holder.state = { ...state, snapshots };
  }

  replace(
    old: Snapshot,
    { checkedBefore, ...snapshot }: Parameters<UsageStore["replace"]>[1],
  ): Snapshot {
    const { id } = this.insert(snapshot);
    const isSameCapture = old.capturedAt.equals(snapshot.capturedAt);
    const oldPools = this.#find(old.id);
    const change = (kept: KeptSnapshot): KeptSnapshot => {
      if (kept.snapshot.id === id) {
        const hasNewer = oldPools !== undefined && Temporal.Instant.compare(oldPools.poolsReadAt, old.capturedAt) > 0;
        const pools = hasNewer ? { pools: oldPools.pools, poolsReadAt: oldPools.poolsReadAt } : {};
        return { ...kept, ...pools, snapshot: { ...kept.snapshot, lastCheckedAt: old.lastCheckedAt } };
      }
      if (kept.snapshot.id !== old.id) return kept;
      if (isSameCapture) return { ...kept, isSuperseded: true };
      return { ...kept, snapshot: { ...kept.snapshot, lastCheckedAt: checkedBefore } };
    };
    const { state } = this.#holder;
    this.#holder.state = { ...state, snapshots: state.snapshots.map(change) };
    return this.find(id) ?? old;
  }

  *readRows({ from = null, to = null }: TimeRange = {}): Generator<{ snapshot: Snapshot; row: UsageRow }, void> {
    const isInRange = ({ capturedAt }: Snapshot) =>
      (from === null || Temporal.Instant.compare(capturedAt, from) >= 0) &&
      (to === null || Temporal.Instant.compare(capturedAt, to) < 0);
    for (const { rows, ...snapshot } of snapshotsWithRows(this.#holder.state)) {
      if (isInRange(snapshot)) { for (const row of rows) yield { snapshot, row }; }
    }
  }

  #newest(isWanted: (snapshot: Snapshot) => boolean): Snapshot | null {
    const wanted = this.#holder.state.snapshots.filter(({ isSuperseded }) => !isSuperseded)
      .map(({ snapshot }) => snapshot).filter(isWanted);
    return wanted.sort((a, b) => Temporal.Instant.compare(a.capturedAt, b.capturedAt) || a.id - b.id).at(-1) ?? null;
  }

  #find(snapshotId: number): KeptSnapshot | undefined {
    return this.#holder.state.snapshots.find(({ snapshot }) => snapshot.id === snapshotId);
  }
}

class MemoryBudgetStore implements BudgetStore {
  readonly #holder: Holder;

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  set(amount: Micros, at: Temporal.Instant): Budget {
    if (amount < 0 || amount % 10_000 !== 0) {
      throw new RangeError(`Cannot set the budget as it must be whole cents from zero: current value is ${amount}`);
    }
    const budget = { amount, setAt: at };
    this.#holder.state = { ...this.#holder.state, budgets: [...this.#holder.state.budgets, budget] };
    return budget;
  }

  at(moment: Temporal.Instant): Budget | null {
    return this.list().find(({ setAt }) => Temporal.Instant.compare(setAt, moment) <= 0) ?? null;
  }

  list(): Budget[] {
    return this.#holder.state.budgets.toReversed();
  }
}

/** The snapshot with its check moved forward, and with the pools where they were read later than those it has. */
function checked(kept: KeptSnapshot, at: Temporal.Instant, pools: readonly Pool[]): KeptSnapshot {
  const { snapshot, poolsReadAt } = kept;
  const isLater = (than: Temporal.Instant) => Temporal.Instant.compare(at, than) >= 0;
  const moved = isLater(snapshot.lastCheckedAt) ? { ...kept, snapshot: { ...snapshot, lastCheckedAt: at } } : kept;
  return pools.length > 0 && isLater(poolsReadAt) ? { ...moved, pools, poolsReadAt: at } : moved;
}
