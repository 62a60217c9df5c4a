import { countIn, until, withLoggedIn, withTracker } from "./harness.ts";
import assert from "node:assert/strict";

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

function exists(path: string): boolean {
  try {
    return Deno.statSync(path) !== null;
  } catch {
    return false;
  }
}

Deno.test("forget captures removes them and the pictures for good, and keeps the figures", async () => {
  await withLoggedIn({}, async ({ tracker, sim }) => {
    assert.equal((await tracker.run("scrape")).code, 0);
    sim.fault = "changed_layout";
    assert.equal((await tracker.run("scrape")).code, 12);
    assert.deepEqual([countIn(tracker, "captures"), countIn(tracker, "failed_pages")], [2, 1]);

    const asked = await tracker.run("forget", "captures");
    assert.equal(asked.code, 2);
    assert.match(asked.stderr, /nobody is there to answer[\s\S]*--yes/);
    assert.equal(countIn(tracker, "captures"), 2);

    const { code, stdout } = await tracker.run("forget", "captures", "--yes");
    assert.equal(code, 0);
    assert.equal(stdout, "Removed 2 raw captures and 1 picture of failed pages; the figures are kept.\n");
    assert.deepEqual(["captures", "raw_blobs", "failed_pages"].map((table) => countIn(tracker, table)), [0, 0, 0]);
    assert.deepEqual([countIn(tracker, "snapshots"), countIn(tracker, "usage_events")], [1, 5]);
    assert.equal((await tracker.run("forget", "captures", "--yes")).stdout, "There was nothing to remove.\n");
  });
});

Deno.test("forget profile removes the profile alone, and the next scrape is logged out", async () => {
  await withLoggedIn({}, async ({ tracker }) => {
    assert.equal((await tracker.run("scrape")).code, 0);
    const { code, stdout } = await tracker.run("forget", "profile", "--yes", "--json");
    assert.equal(code, 0);
    assert.match(JSON.parse(stdout).removed[0], /^Removed the browser profile .*\/profile \(/);
    assert.equal(exists(tracker.profileDir), false);
    assert.equal(countIn(tracker, "snapshots"), 1);
    assert.equal((await tracker.run("scrape")).code, 10);
  });
});

Deno.test("forget all removes what tracker made, names it, and leaves the person's own files", async () => {
  await withLoggedIn({}, async ({ tracker }) => {
    assert.equal((await tracker.run("scrape")).code, 0);
    Deno.writeTextFileSync(`${tracker.dataDir}/config.yaml`, "billing: {}\n");
    const { code, stdout } = await tracker.run("forget", "all", "--yes");
    assert.equal(code, 0);
    assert.deepEqual(namesIn(tracker.dataDir), ["config.yaml"]);
    assert.equal(exists(tracker.profileDir), false);
    for (const name of ["tracker.db", "logs", "account.key", "profile"]) assert.ok(stdout.includes(`/${name} (`), name);
    assert.match(stdout, /Kept in .*: config\.yaml\./);
    Deno.removeSync(`${tracker.dataDir}/config.yaml`);
    assert.match((await tracker.run("forget", "all", "--yes")).stdout, /^Removed the empty folder/);
    assert.equal(exists(tracker.dataDir), false);
  });
});

Deno.test("nothing is forgotten while a scrape works", async () => {
  await withLoggedIn({ fault: "slow" }, async ({ tracker, sim }) => {
    const scraping = tracker.spawn("scrape");
    await until(() => sim.requests.some(({ path }) => path === "/dashboard/usage"));
    for (const what of ["profile", "captures", "all"]) {
      const { code, stderr } = await tracker.run("forget", what, "--yes");
      assert.equal(code, 15, what);
      assert.match(stderr, new RegExp(`process ${scraping.pid}`));
    }
    assert.ok(exists(tracker.profileDir));
    scraping.kill("SIGTERM");
    await scraping.output();
  });
});

Deno.test("a USER_DATA_DIR that is no profile, or holds more than one, is not removed", async () => {
  await withTracker({}, async (tracker) => {
    Deno.mkdirSync(tracker.profileDir);
    Deno.writeTextFileSync(`${tracker.profileDir}/thesis.txt`, "years of work");
    const plain = await tracker.run("forget", "profile", "--yes");
    assert.equal(plain.code, 1);
    assert.match(plain.stderr, /no folder of a browser profile alone/);
    tracker.env["USER_DATA_DIR"] = tracker.dir;
    Deno.writeTextFileSync(`${tracker.dir}/.tracker.lock`, "");
    for (const what of ["profile", "all"]) assert.equal((await tracker.run("forget", what, "--yes")).code, 1);
    assert.ok(exists(`${tracker.profileDir}/thesis.txt`));
  });
});
