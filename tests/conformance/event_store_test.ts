import { testDatabase } from "../adapters/sqlite/test_database.ts";
import { eventStoreSuite } from "./event_store_suite.ts";

eventStoreSuite("SqliteEventStore", (use) => {
  using database = testDatabase();
  use(database.stores.events);
});
