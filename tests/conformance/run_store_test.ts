import { SqliteRunStore } from "../../adapters/sqlite/runs.ts";
import { NotesTable } from "../jobs/engine/harness.ts";
import type { NotesTx, StoreUnderTest } from "./run_store_helpers.ts";
import { runStoreSuite } from "./run_store_suite.ts";

runStoreSuite("SqliteRunStore", (): StoreUnderTest => {
  const notes = new NotesTable();
  const store = new SqliteRunStore<NotesTx>(notes.db, () => notes);
  return { store, notes: () => notes.list(), [Symbol.dispose]: () => notes.db.close() };
});
