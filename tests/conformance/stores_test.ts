import { transaction } from "../../adapters/sqlite/transaction.ts";
import { testDatabase } from "../adapters/sqlite/test_database.ts";
import { storesSuite } from "./stores_suite.ts";
import type { StoresUnderTest } from "./suite.ts";

storesSuite("sqliteStores", (): StoresUnderTest => {
  const { db, stores, [Symbol.dispose]: close } = testDatabase();
  return { stores, transaction: (work) => transaction(db, () => work(stores)), [Symbol.dispose]: close };
});
