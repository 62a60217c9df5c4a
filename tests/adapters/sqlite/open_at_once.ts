import { openDatabase } from "../../../adapters/sqlite/open.ts";

/** A process for tests: migrates the database of the folder that it is given through several slow steps. */

const dataDir = Deno.args[0] ?? "";
const busyWork =
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT MAX(i) FROM n";
const migrations = [1, 2, 3, 4, 5, 6].map((version) => ({
  version,
  // Neither is repeatable: a migration that ran twice would fail, or leave one row too many.
  sql: version === 2 ? ["CREATE TABLE log (n INTEGER) STRICT"] : [],
})).map((migration) => ({
  ...migration,
  sql: [...migration.sql, busyWork, ...(migration.version > 1 ? ["INSERT INTO log VALUES (1)"] : [])],
}));
openDatabase(dataDir, { clock: { now: () => Temporal.Now.instant() }, migrations }).close();
