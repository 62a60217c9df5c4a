import { assertFault, type FaultCase, titleOf } from "./fault_case.ts";
import { withTracker } from "./harness.ts";
import assert from "node:assert/strict";

/** Faults that the page itself shows. */
const FAULTS: readonly FaultCase[] = [
  { fault: "logged_out", code: 10, outcome: "logged_out", says: /session has ended/ },
  { fault: "challenge", code: 11, outcome: "challenged", says: /bot check/ },
  { fault: "challenge_429", code: 11, outcome: "challenged", says: /bot check/ },
  { fault: "changed_layout", code: 12, outcome: "layout_changed", says: /no usage table/ },
  { fault: "huge_page", code: 12, outcome: "layout_changed", says: /larger than 16\u00a0MiB/ },
  { fault: "slow", code: 13, outcome: "unreachable", says: /did not finish within \d+ seconds/ },
  { fault: "server_error", code: 13, outcome: "unreachable", says: /HTTP status 500/ },
  { fault: "connection_lost", code: 13, outcome: "unreachable", says: /could not be loaded/ },
];

for (const one of FAULTS) Deno.test(titleOf(one), () => assertFault(one));

Deno.test("a site that is not there is unreachable", async () => {
  await withTracker({ CURSOR_USAGE_URL: "http://127.0.0.1:9/dashboard/usage" }, async (tracker) => {
    const { code, stdout } = await tracker.run("scrape", "--json");
    assert.equal(code, 13);
    assert.match(JSON.parse(stdout).error, /ERR_UNSAFE_PORT|ERR_CONNECTION_REFUSED/);
  });
});
