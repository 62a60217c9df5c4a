import { openDatabase } from "../../../adapters/sqlite/open.ts";
import { SqliteRunStore } from "../../../adapters/sqlite/runs.ts";
import { tempDir } from "../../temp_dir.ts";
import { memoryDatabase } from "./test_database.ts";
import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";

const AT = Temporal.Instant.from("2026-11-21T19:00:00Z");
const clock = { now: () => AT };
const START = { job: "scrape", key: "t1", input: null, owner: "p1", at: AT };

Deno.test("a damaged run is refused with its row, its column and what to do", () => {
  for (const damage of ["input = '{broken'", "failure = '{\"name\":1}'", "created_at = 'yesterday'"]) {
    using db = memoryDatabase();
    const store = new SqliteRunStore(db, () => null);
    const { run } = store.open(START);
    db.exec(`UPDATE runs SET ${damage}`);
    throws(() => store.find(run.id), (error) => {
      match(String(error), new RegExp(`^TrackerError: Cannot read row ${run.id} of "runs" as it is damaged`));
      match(String(error), new RegExp(`at ${damage.split(" ")[0]}`));
      return true;
    });
  }
});

Deno.test("times are stored as ISO 8601 UTC text that sorts by time", () => {
  using db = memoryDatabase();
  const store = new SqliteRunStore(db, () => null);
  store.open({ ...START, at: Temporal.Instant.from("2026-11-21T19:00:00.5Z") });
  strictEqual(db.prepare("SELECT created_at FROM runs").get()?.created_at, "2026-11-21T19:00:00.500Z");
});

Deno.test("two connections to one database see one another's runs, and one of two claims wins", () => {
  using dir = tempDir();
  using first = openDatabase(dir.path, { clock });
  using second = openDatabase(dir.path, { clock });
  const [one, two] = [new SqliteRunStore(first, () => null), new SqliteRunStore(second, () => null)];
  const { run } = one.open(START);
  strictEqual(two.open({ ...START, owner: "p2" }).created, false);
  const claim = { from: ["running"], fence: 1, at: AT } as const;
  deepStrictEqual([two.claim(run.id, { ...claim, owner: "p2" })?.owner, one.claim(run.id, { ...claim, owner: "p1" })], [
    "p2",
    null,
  ]);
});

Deno.test("after the start of a try commits are flushed in full again, also where the try was refused", () => {
  using dir = tempDir();
  using db = openDatabase(dir.path, { clock });
  const store = new SqliteRunStore(db, () => null);
  const { run } = store.open(START);
  const lease = { runId: run.id, owner: "p1", fence: 1 };
  store.startAttempt(lease, "a", AT);
  strictEqual(db.prepare("PRAGMA synchronous").get()?.synchronous, 2);
  throws(() => store.startAttempt({ ...lease, fence: 2 }, "a", AT));
  strictEqual(db.prepare("PRAGMA synchronous").get()?.synchronous, 2);
});

Deno.test("listing by status and pruning by end use their indexes", () => {
  using db = memoryDatabase();
  const plan = (sql: string) => db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => detail).join("\n");
  match(plan("SELECT * FROM runs WHERE status = 'running' ORDER BY id DESC"), /USING INDEX runs_by_status/);
  match(plan("SELECT * FROM runs WHERE job = 'a' ORDER BY id DESC LIMIT 9"), /USING INDEX runs_by_job/);
  match(plan("SELECT id FROM runs WHERE finished_at < '2026'"), /USING (COVERING )?INDEX runs_by_end/);
});
