import { migrate, MIGRATIONS } from "../../../adapters/sqlite/migrate.ts";
import { openDatabase } from "../../../adapters/sqlite/open.ts";
import { sqliteStores } from "../../../adapters/sqlite/stores.ts";
import type { Snapshot } from "../../../domain/capture/usage.ts";
import type { SnapshotFigures } from "../../../domain/history/figures.ts";
import type { Stores } from "../../../domain/stores.ts";
import { instant } from "../../domain/history/snapshots.ts";
import { tempDir } from "../../temp_dir.ts";
import { DatabaseSync } from "node:sqlite";

/** A database with the domain's stores over it. */
export interface TestDatabase extends Disposable {
  readonly db: DatabaseSync;
  readonly stores: Stores;
}

/** A new database of the product's own schema, in memory: nothing is flushed, and nothing is left behind. */
export function memoryDatabase(): DatabaseSync {
  const db = new DatabaseSync(":memory:", { enableForeignKeyConstraints: true });
  migrate(db, { migrations: MIGRATIONS, backup: () => undefined });
  return db;
}

/** The same with its stores. */
export function testDatabase({ timeZone = "UTC" }: { timeZone?: string } = {}): TestDatabase {
  const db = memoryDatabase();
  return { db, stores: storesOver(db, timeZone), [Symbol.dispose]: () => db.close() };
}

/** A database in a file, for what several connections do to one another; the file is removed when it is disposed of. */
export function fileDatabase({ timeZone = "UTC" }: { timeZone?: string } = {}) {
  const dir = tempDir();
  const connections: DatabaseSync[] = [];
  const connect = (zone = timeZone) => {
    const db = openDatabase(dir.path, { clock: { now: () => instant("2026-11-21T20:00:00Z") } });
    // Who flushes is another matter: see open_test.ts.
    db.exec("PRAGMA synchronous = OFF");
    connections.push(db);
    return { db, stores: storesOver(db, zone) };
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

function storesOver(db: DatabaseSync, timeZone: string): Stores {
  const stores = sqliteStores(db, { timeZone });
  stores.history.refresh();
  return stores;
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
