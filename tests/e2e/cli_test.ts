import { withTracker } from "./harness.ts";
import assert from "node:assert/strict";

Deno.test("a configuration with several faults lists them all and exits with 2", async () => {
  const env = { BIND: "nowhere", TIME_ZONE: "Mars/Base", THRESHOLDS: "5,ten", HALF_LIFE_DAYS: "0", LOG_LEVEL: "loud" };
  await withTracker(env, async (tracker) => {
    const { code, stdout, stderr } = await tracker.run("scrape", "--json");
    assert.equal(code, 2);
    assert.equal(stdout, "");
    for (const name of Object.keys(env)) assert.match(stderr, new RegExp(`- ${name} must be`));
    assert.match(stderr, /Try: /);
    assert.deepEqual([...Deno.readDirSync(tracker.dir)].map(({ name }) => name), [], "nothing was made");
  });
});

Deno.test("an unknown command, option or run number exits with 2 and says what helps", async () => {
  await withTracker({}, async (tracker) => {
    for (const args of [["scarpe"], ["scrape", "--fast"], ["runs", "show", "many"], ["runs", "show", "7"]]) {
      const { code, stderr } = await tracker.run(...args);
      assert.equal(code, 2, args.join(" "));
      assert.match(stderr, /Try|--help/);
    }
  });
});

Deno.test("each command explains itself with --help and exits with 0", async () => {
  await withTracker({}, async (tracker) => {
    for (
      const args of [[], ["scrape"], ["serve"], ["runs"], ["runs", "list"], ["import"], ["export"], ["replay"], [
        "health",
      ], ["demo"]]
    ) {
      const { code, stdout } = await tracker.run(...args, "--help");
      assert.equal(code, 0, args.join(" "));
      assert.match(stdout, /Usage: tracker/);
    }
  });
});

Deno.test("a failed run is listed, shown with its evidence, and can be retried", async () => {
  await withTracker({ CURSOR_USAGE_URL: "http://127.0.0.1:9/dashboard/usage" }, async (tracker) => {
    assert.equal((await tracker.run("scrape")).code, 13);
    const list = await tracker.run("runs", "list", "--job", "scrape", "--json");
    const [run] = JSON.parse(list.stdout).runs;
    assert.equal(run.status, "failed");
    assert.equal(run.failure.details.outcome, "unreachable");
    const shown = JSON.parse((await tracker.run("runs", "show", String(run.id), "--json")).stdout);
    assert.equal(shown.attempts.length, 2);
    assert.equal(shown.attempts[0].step, "capture");
    const text = await tracker.run("runs", "show", String(run.id));
    assert.match(text.stdout, /capture .*failed/);
    const retried = await tracker.run("runs", "retry", String(run.id));
    assert.equal(retried.code, 13);
    assert.match(retried.stderr, /Error: The usage page could not be loaded/);
    const cancelled = await tracker.run("runs", "cancel", String(run.id));
    assert.equal(cancelled.code, 1);
    assert.match(cancelled.stderr, /it is not running/);
  });
});

Deno.test("DATA_DIR and the profile are closed to other users", async () => {
  await withTracker({ CURSOR_USAGE_URL: "http://127.0.0.1:9/dashboard/usage" }, async (tracker) => {
    await tracker.run("scrape");
    for (const path of [tracker.dataDir, tracker.profileDir, `${tracker.dataDir}/logs`]) {
      assert.equal((Deno.statSync(path).mode ?? 0) & 0o777, 0o700, path);
    }
  });
});

Deno.test("a database of a newer version is refused and left as it is", async () => {
  await withTracker({}, async (tracker) => {
    await tracker.run("runs", "list");
    const { DatabaseSync } = await import("node:sqlite");
    const path = `${tracker.dataDir}/tracker.db`;
    const db = new DatabaseSync(path);
    db.exec("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
    const before = await Deno.readFile(path);
    const { code, stderr } = await tracker.run("runs", "list");
    assert.equal(code, 1);
    assert.match(stderr, /newer/);
    assert.deepEqual(await Deno.readFile(path), before);
  });
});
