import { memoryStores } from "../../adapters/memory/stores.ts";
import { openDatabase } from "../../adapters/sqlite/open.ts";
import { sqliteStores } from "../../adapters/sqlite/stores.ts";
import { transaction } from "../../adapters/sqlite/transaction.ts";
import { tempDir } from "../temp_dir.ts";
import { storesSuite } from "./stores_suite.ts";
import type { StoresUnderTest } from "./suite.ts";

const clock = { now: () => Temporal.Instant.from("2026-11-21T19:00:00Z") };

storesSuite("memoryStores", (): StoresUnderTest => {
  const { tx, snapshot } = memoryStores();
  return {
    stores: tx,
    transaction(work) {
      const undo = snapshot();
      try {
        work(tx);
      } catch (error) {
        undo();
        throw error;
      }
    },
    [Symbol.dispose]: () => undefined,
  };
});

storesSuite("sqliteStores", (): StoresUnderTest => {
  const dir = tempDir();
  const db = openDatabase(dir.path, { clock });
  const stores = sqliteStores(db);
  return {
    stores,
    transaction: (work) => transaction(db, () => work(stores)),
    [Symbol.dispose]() {
      db.close();
      dir[Symbol.dispose]();
    },
  };
});
