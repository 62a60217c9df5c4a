import { MemoryEventStore } from "../../adapters/memory/event_store.ts";
import { SqliteEventStore } from "../../adapters/sqlite/events.ts";
import { openDatabase } from "../../adapters/sqlite/open.ts";
import { tempDir } from "../temp_dir.ts";
import { eventStoreSuite } from "./event_store_suite.ts";

const clock = { now: () => Temporal.Instant.from("2026-11-21T19:00:00Z") };

eventStoreSuite("MemoryEventStore", (use) => use(new MemoryEventStore()));

eventStoreSuite("SqliteEventStore", (use) => {
  using dir = tempDir();
  const db = openDatabase(dir.path, { clock });
  try {
    use(new SqliteEventStore(db));
  } finally {
    db.close();
  }
});
