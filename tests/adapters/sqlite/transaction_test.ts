import { transaction, unflushed } from "../../../adapters/sqlite/transaction.ts";
import { tempDir } from "../../temp_dir.ts";
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";

function memory(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  db.exec("CREATE TABLE t (x INTEGER NOT NULL) STRICT");
  return db;
}
const add = (db: DatabaseSync, x: number) => db.prepare("INSERT INTO t VALUES (?)").run(x);
const rows = (db: DatabaseSync) => db.prepare("SELECT x FROM t ORDER BY x").all().map(({ x }) => x);

Deno.test("transaction() commits and answers what its work answers", () => {
  using db = memory();
  strictEqual(transaction(db, () => (add(db, 1), "answer")), "answer");
  deepStrictEqual([rows(db), db.isTransaction], [[1], false]);
});

Deno.test("transaction() takes everything back where its work throws, and passes the error on", () => {
  using db = memory();
  const error = new Error("no");
  throws(() =>
    transaction(db, () => {
      add(db, 1);
      throw error;
    }), error);
  deepStrictEqual([rows(db), db.isTransaction], [[], false]);
});

Deno.test("a transaction inside another is taken back alone", () => {
  using db = memory();
  transaction(db, () => {
    add(db, 1);
    throws(() =>
      transaction(db, () => {
        add(db, 2);
        throw new Error("inner");
      }), /inner/);
    transaction(db, () => add(db, 3));
  });
  deepStrictEqual(rows(db), [1, 3]);
});

Deno.test("transaction() refuses asynchronous work and commits nothing of it", async () => {
  using db = memory();
  throws(() => transaction(db, () => (add(db, 1), Promise.reject(new Error("late")))), /must be synchronous/);
  await Promise.resolve();
  deepStrictEqual(rows(db), []);
});

Deno.test("transaction() says that another process holds the lock where the wait is over", () => {
  using dir = tempDir();
  using first = new DatabaseSync(`${dir.path}/a.db`);
  using second = new DatabaseSync(`${dir.path}/a.db`, { timeout: 1 });
  first.exec("BEGIN IMMEDIATE");
  throws(() => transaction(second, () => null), {
    name: "TrackerError",
    message: /another process holds its write lock/,
  });
});

Deno.test("transaction() says that the disk is full, and leaves nothing half-written", () => {
  using dir = tempDir();
  using db = new DatabaseSync(`${dir.path}/a.db`);
  db.exec("CREATE TABLE t (x TEXT) STRICT; PRAGMA max_page_count = 3");
  const fill = () => transaction(db, () => db.prepare("INSERT INTO t VALUES (?)").run("x".repeat(50_000)));
  throws(fill, { name: "DiskFull", message: "The database cannot grow as the disk is full" });
  deepStrictEqual([db.isTransaction, rows(db)], [false, []]);
});

Deno.test("unflushed() flushes again afterwards, also where the write failed", () => {
  using db = new DatabaseSync(":memory:");
  db.exec("PRAGMA synchronous = FULL");
  const mode = () => db.prepare("PRAGMA synchronous").get()?.["synchronous"];
  strictEqual(unflushed(db, mode), 1);
  strictEqual(mode(), 2);
  throws(() =>
    unflushed(db, () => {
      throw new Error("no");
    }), /^Error: no$/);
  strictEqual(mode(), 2);
});
