import { openDatabase } from "../../../adapters/sqlite/open.ts";
import { sqliteStores } from "../../../adapters/sqlite/stores.ts";
import { transaction } from "../../../adapters/sqlite/transaction.ts";
import { micros } from "../../../domain/money.ts";
import { AT, clock } from "./data_folder.ts";

// Writes two rows in each transaction until it is killed.
const [dataDir = ""] = Deno.args;
const db = openDatabase(dataDir, { clock });
const { budgets } = sqliteStores(db);
for (let pairs = 0;; pairs++) {
  transaction(db, () => {
    budgets.set(micros(10_000), AT);
    budgets.set(micros(20_000), AT);
  });
  if (pairs === 10) Deno.stdout.writeSync(new TextEncoder().encode("writing\n"));
}
