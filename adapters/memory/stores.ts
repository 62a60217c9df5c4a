import type { Capture } from "../../domain/capture.ts";
import {
  type Alert,
  type AlertKind,
  type AlertStore,
  type CaptureStore,
  KEPT_CAPTURES,
  type Snapshot,
  type Stores,
  type UsageStore,
} from "../../domain/stores.ts";
import type { Pool, UsageRow } from "../../domain/usage.ts";
import { MemoryRollupStore } from "./rollup_store.ts";
import type { MemoryTx } from "./run_store.ts";

interface KeptCapture {
  readonly id: number;
  readonly capture: Capture;
}

interface KeptSnapshot {
  readonly snapshot: Snapshot;
  readonly rows: readonly UsageRow[];
  readonly pools: readonly Pool[];
  readonly poolsReadAt: Temporal.Instant;
}

/** Everything that is kept. Never changed in place, so that a rollback puts an older one back. */
interface State {
  readonly captures: readonly KeptCapture[];
  readonly snapshots: readonly KeptSnapshot[];
  readonly alerts: readonly Alert[];
  readonly lastCaptureId: number;
}

interface Holder {
  state: State;
}

/** The domain's stores in memory, for tests and trials; what a step of `MemoryRunStore` writes with. */
export function memoryStores(): MemoryTx<Stores> {
  const holder: Holder = { state: { captures: [], snapshots: [], alerts: [], lastCaptureId: 0 } };
  const rollups = new MemoryRollupStore();
  return {
    tx: {
      captures: new MemoryCaptureStore(holder),
      usage: new MemoryUsageStore(holder),
      alerts: new MemoryAlertStore(holder),
      rollups,
    },
    snapshot() {
      const before = holder.state;
      const restoreRollups = rollups.snapshot();
      return () => {
        holder.state = before;
        restoreRollups();
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
    const captures = [...state.captures, { id, capture }].slice(-KEPT_CAPTURES);
    this.#holder.state = { ...state, captures, lastCaptureId: id };
    return id;
  }

  load(captureId: number): Capture | null {
    return this.#holder.state.captures.find(({ id }) => id === captureId)?.capture ?? null;
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
    const kept: KeptSnapshot = { snapshot, rows: usage.rows, pools: usage.pools, poolsReadAt: capturedAt };
    this.#holder.state = { ...state, snapshots: [...state.snapshots, kept] };
    return snapshot;
  }

  check(snapshotId: number, at: Temporal.Instant, pools: readonly Pool[]): void {
    const { state } = this.#holder;
    const snapshots = state.snapshots.map((kept) => kept.snapshot.id === snapshotId ? checked(kept, at, pools) : kept);
    this.#holder.state = { ...state, snapshots };
  }

  #newest(isWanted: (snapshot: Snapshot) => boolean): Snapshot | null {
    const wanted = this.#holder.state.snapshots.map(({ snapshot }) => snapshot).filter(isWanted);
    return wanted.sort((a, b) => Temporal.Instant.compare(a.capturedAt, b.capturedAt) || a.id - b.id).at(-1) ?? null;
  }

  #find(snapshotId: number): KeptSnapshot | undefined {
    return this.#holder.state.snapshots.find(({ snapshot }) => snapshot.id === snapshotId);
  }
}

class MemoryAlertStore implements AlertStore {
  readonly #holder: Holder;

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  open({ kind, dedupeKey, details, at }: Parameters<AlertStore["open"]>[0]): boolean {
    const { state } = this.#holder;
    if (state.alerts.some((alert) => alert.dedupeKey === dedupeKey)) return false;
    const alert: Alert = { id: state.alerts.length + 1, kind, details, dedupeKey, triggeredAt: at, clearedAt: null };
    this.#holder.state = { ...state, alerts: [...state.alerts, alert] };
    return true;
  }

  clear(kind: AlertKind, at: Temporal.Instant): number {
    const open = this.listOpen(kind);
    const { state } = this.#holder;
    const alerts = state.alerts.map((alert) => open.includes(alert) ? { ...alert, clearedAt: at } : alert);
    this.#holder.state = { ...state, alerts };
    return open.length;
  }

  listOpen(kind?: AlertKind): Alert[] {
    return this.#holder.state.alerts.toReversed()
      .filter((alert) => alert.clearedAt === null && alert.kind === (kind ?? alert.kind));
  }

  list(limit: number): Alert[] {
    return this.#holder.state.alerts.toReversed().slice(0, limit);
  }
}

/** The snapshot with its check moved forward, and with the pools where they were read later than those it has. */
function checked(kept: KeptSnapshot, at: Temporal.Instant, pools: readonly Pool[]): KeptSnapshot {
  const { snapshot, poolsReadAt } = kept;
  const isLater = (than: Temporal.Instant) => Temporal.Instant.compare(at, than) >= 0;
  const moved = isLater(snapshot.lastCheckedAt) ? { ...kept, snapshot: { ...snapshot, lastCheckedAt: at } } : kept;
  return pools.length > 0 && isLater(poolsReadAt) ? { ...moved, pools, poolsReadAt: at } : moved;
}
