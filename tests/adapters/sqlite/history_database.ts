import { openDatabase } from "../../../adapters/sqlite/open.ts";
import { sqliteStores } from "../../../adapters/sqlite/stores.ts";
import type { Snapshot } from "../../../domain/capture/usage.ts";
import type { SnapshotFigures } from "../../../domain/history/figures.ts";
import type { Stores } from "../../../domain/stores.ts";
import { instant } from "../../domain/history/snapshots.ts";
import { tempDir } from "../../temp_dir.ts";
import type { DatabaseSync } from "node:sqlite";

/** A new database with its stores; removed when it is disposed of. */
export function testDatabase({ timeZone = "UTC" }: { timeZone?: string } = {}) {
  const dir = tempDir();
  const open = () => openDatabase(dir.path, { clock: { now: () => instant("2026-11-21T20:00:00Z") } });
  const connections: DatabaseSync[] = [];
  const connect = (zone = timeZone) => {
    const db = open();
    connections.push(db);
    const stores = sqliteStores(db, { timeZone: zone });
    stores.history.refresh();
    return { db, stores };
  };
  return {
    ...connect(),
    /** The same database once more, as another process opens it. */
    connect,
    [Symbol.dispose]() {
      for (const connection of connections) connection.close();
      dir[Symbol.dispose]();
    },
  };
}

/** Stores figures as a scrape does: the snapshot, its days, and its last check where that was later. */
export function store(stores: Stores, figures: SnapshotFigures): Snapshot {
  const { capturedAt, lastCheckedAt, cycle, rows } = figures;
  const usage = { cycle, rows, pools: [], source: "network_json" as const, membership: "pro" };
  const tableHash = `${capturedAt.epochMilliseconds}`.padStart(64, "0");
  const snapshot = stores.usage.insert({ usage, tableHash, capturedAt, captureId: null, payload: null });
  stores.history.record(snapshot, rows);
  if (!lastCheckedAt.equals(capturedAt)) stores.usage.check(snapshot.id, lastCheckedAt, []);
  return snapshot;
}
