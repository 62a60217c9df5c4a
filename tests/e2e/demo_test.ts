import { withTracker } from "./harness.ts";
import assert from "node:assert/strict";

Deno.test("demo --once scrapes the simulated site, fills months of history and ends with the figures", async () => {
  await withTracker({}, async (tracker) => {
    const { code, stdout, stderr } = await tracker.run("demo", "--once");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Logged in to it with a real browser/);
    assert.match(stdout, /Scrape: stored, 5 models from network_json\./);
    const snapshots = Number(/Filled 92 days of history: (\d+) snapshots/.exec(stdout)?.[1]);
    assert.ok(snapshots > 200, `${snapshots} snapshots`);
    assert.match(stdout, /Total +\$\d+\.\d\d/);
    assert.equal([...Deno.readDirSync(tracker.dataDir)].some(({ name }) => name === "tracker.db"), false);
  });
});
