import type { Fault } from "../../fixtures/cursor_sim/settings.ts";
import { withLoggedIn, withTracker } from "./harness.ts";
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";

/** What each fault of the site must come to. */
const EXPECTED: readonly { fault: Fault; code: number; outcome: string; says: RegExp }[] = [
  { fault: "logged_out", code: 10, outcome: "logged_out", says: /session has ended/ },
  { fault: "logged_out_api", code: 10, outcome: "logged_out", says: /session has ended/ },
  { fault: "challenge", code: 11, outcome: "challenged", says: /bot check/ },
  { fault: "challenge_429", code: 11, outcome: "challenged", says: /bot check/ },
  { fault: "challenge_api", code: 11, outcome: "challenged", says: /bot check/ },
  { fault: "changed_layout", code: 12, outcome: "layout_changed", says: /no usage table/ },
  { fault: "truncated_json", code: 12, outcome: "layout_changed", says: /no whole JSON/ },
  { fault: "huge_page", code: 12, outcome: "layout_changed", says: /larger than 16\u00a0MiB/ },
  { fault: "slow", code: 13, outcome: "unreachable", says: /did not finish within \d+ seconds/ },
  { fault: "slow_api", code: 13, outcome: "unreachable", says: /did not finish within \d+ seconds/ },
  { fault: "server_error", code: 13, outcome: "unreachable", says: /HTTP status 500/ },
  { fault: "server_error_api", code: 13, outcome: "unreachable", says: /usage data did not/ },
  { fault: "connection_lost", code: 13, outcome: "unreachable", says: /could not be loaded/ },
];

function count(dataDir: string, table: string): unknown {
  const db = new DatabaseSync(`${dataDir}/tracker.db`, { readOnly: true });
  try {
    return db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"];
  } finally {
    db.close();
  }
}

for (const { fault, code, outcome, says } of EXPECTED) {
  Deno.test(`the fault ${fault} ends in ${outcome} with exit code ${code}, and stores no row`, async () => {
    const isSlow = fault === "slow" || fault === "slow_api";
    const env = { SCRAPE_TIMEOUT_SECONDS: isSlow ? "8" : "60" };
    await withLoggedIn({ env }, async ({ tracker, sim }) => {
      sim.fault = fault;
      const ended = await tracker.run("scrape", "--json");
      const result = JSON.parse(ended.stdout);
      assert.equal(result.outcome, outcome, ended.stderr);
      assert.equal(ended.code, code);
      assert.match(result.error, says);
      assert.ok(result.hint.length > 20);
      assert.equal(result.snapshot_id, null);
      assert.equal(count(tracker.dataDir, "usage_events"), 0);
      assert.equal(count(tracker.dataDir, "snapshots"), 0);
      assert.equal(count(tracker.dataDir, "alerts WHERE kind = 'scrape_error' AND cleared_at IS NULL"), 1);
      assert.ok(Number(count(tracker.dataDir, "captures")) >= 1, "a failed capture keeps what it saw");

      sim.fault = "none";
      const next = await tracker.run("scrape", "--json");
      assert.equal(JSON.parse(next.stdout).outcome, "stored", next.stderr);
      assert.equal(count(tracker.dataDir, "alerts WHERE kind = 'scrape_error' AND cleared_at IS NULL"), 0);
    });
  });
}

Deno.test("an empty period is stored as one without rows, but not in the middle of a cycle that had some", async () => {
  await withLoggedIn({ fault: "empty_period" }, async ({ tracker, sim }) => {
    const fresh = JSON.parse((await tracker.run("scrape", "--json")).stdout);
    assert.equal(fresh.outcome, "stored");
    assert.equal(fresh.rows_count, 0);
    sim.fault = "none";
    assert.equal(JSON.parse((await tracker.run("scrape", "--json")).stdout).rows_count, 5);
    sim.fault = "empty_period";
    const suddenly = await tracker.run("scrape", "--json");
    assert.equal(JSON.parse(suddenly.stdout).outcome, "empty_period");
    assert.equal(suddenly.code, 1);
    assert.equal(count(tracker.dataDir, "snapshots"), 2);
  });
});

Deno.test("a site that is not there is unreachable", async () => {
  await withTracker({ CURSOR_USAGE_URL: "http://127.0.0.1:9/dashboard/usage" }, async (tracker) => {
    const { code, stdout } = await tracker.run("scrape", "--json");
    assert.equal(code, 13);
    assert.match(JSON.parse(stdout).error, /ERR_UNSAFE_PORT|ERR_CONNECTION_REFUSED/);
  });
});

Deno.test("a browser that is not there, or is none, ends in no_browser with exit code 14", async () => {
  for (const BROWSER_PATH of ["/nowhere/chromium", "/bin/false"]) {
    await withTracker({ BROWSER_PATH }, async (tracker) => {
      const { code, stdout } = await tracker.run("scrape", "--json");
      assert.equal(code, 14);
      assert.equal(JSON.parse(stdout).outcome, "no_browser");
      assert.equal(count(tracker.dataDir, "usage_events"), 0);
    });
  }
});

Deno.test("a profile that another process uses ends in exit code 15 and opens no alert", async () => {
  await withLoggedIn({ fault: "slow" }, async ({ tracker, sim }) => {
    const first = tracker.spawn("scrape", "--json");
    const isThere = () => sim.requests.some(({ path }) => path === "/dashboard/usage");
    while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await tracker.run("scrape", "--json");
    assert.equal(second.code, 15);
    assert.equal(JSON.parse(second.stdout).outcome, "locked");
    assert.equal(count(tracker.dataDir, "alerts WHERE kind = 'scrape_error'"), 0);
    first.kill("SIGTERM");
    await first.output();
  });
});
