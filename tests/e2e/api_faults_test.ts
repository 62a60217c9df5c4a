import { assertFault, type FaultCase, titleOf } from "./fault_case.ts";
import { countIn, withLoggedIn } from "./harness.ts";
import assert from "node:assert/strict";

/** Faults that show in what the page asks for. */
const FAULTS: readonly FaultCase[] = [
  { fault: "logged_out_api", code: 10, outcome: "logged_out", says: /session has ended/ },
  { fault: "challenge_api", code: 11, outcome: "challenged", says: /bot check/ },
  { fault: "truncated_json", code: 12, outcome: "layout_changed", says: /no whole JSON/ },
  { fault: "slow_api", code: 13, outcome: "unreachable", says: /did not finish within \d+ seconds/ },
  { fault: "server_error_api", code: 13, outcome: "unreachable", says: /usage data did not/ },
];

for (const one of FAULTS) Deno.test(titleOf(one), () => assertFault(one));

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
    assert.equal(countIn(tracker, "snapshots"), 2);
  });
});
