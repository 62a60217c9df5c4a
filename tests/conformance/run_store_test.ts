import { MemoryRunStore } from "../../adapters/memory/run_store.ts";
import { openDatabase } from "../../adapters/sqlite/open.ts";
import { SqliteRunStore } from "../../adapters/sqlite/runs.ts";
import { tempDir } from "../temp_dir.ts";
import type { NotesTx, StoreUnderTest } from "./run_store_helpers.ts";
import { runStoreSuite } from "./run_store_suite.ts";

const clock = { now: () => Temporal.Instant.from("2026-11-21T19:00:00Z") };

runStoreSuite("MemoryRunStore", (): StoreUnderTest => {
  let notes: string[] = [];
  const store = new MemoryRunStore<NotesTx>({
    tx: { add: (note) => notes.push(note) },
    snapshot: () => {
      const before = [...notes];
      return () => notes = before;
    },
  });
  return { store, notes: () => notes, [Symbol.dispose]: () => undefined };
});

runStoreSuite("SqliteRunStore", (): StoreUnderTest => {
  const dir = tempDir();
  const db = openDatabase(dir.path, { clock });
  db.exec("CREATE TABLE notes (note TEXT NOT NULL) STRICT");
  const insert = db.prepare("INSERT INTO notes VALUES (?)");
  const store = new SqliteRunStore<NotesTx>(db, () => ({ add: (note) => insert.run(note) }));
  return {
    store,
    notes: () => db.prepare("SELECT note FROM notes ORDER BY rowid").all().map(({ note }) => String(note)),
    [Symbol.dispose]() {
      db.close();
      dir[Symbol.dispose]();
    },
  };
});
