import type { Fault } from "../../fixtures/cursor_sim/settings.ts";
import { countIn, withLoggedIn } from "./harness.ts";
import assert from "node:assert/strict";

/** A fault of the site, and what it must come to. */
export interface FaultCase {
  readonly fault: Fault;
  readonly code: number;
  readonly outcome: string;
  readonly says: RegExp;
}

/** What the test of a fault says. */
export function titleOf({ fault, code, outcome }: FaultCase): string {
  return `the fault ${fault} ends in ${outcome} with exit code ${code}, and stores no row`;
}

/** A scrape of the site with this fault ends as it must, and the next one is good again. */
export async function assertFault({ fault, code, outcome, says }: FaultCase): Promise<void> {
  await withLoggedIn({}, async ({ tracker, sim }) => {
    sim.fault = fault;
    const isSlow = fault === "slow" || fault === "slow_api";
    tracker.env["SCRAPE_TIMEOUT_SECONDS"] = isSlow ? "5" : "60";
    const ended = await tracker.run("scrape", "--json");
    const result = JSON.parse(ended.stdout);
    assert.equal(result.outcome, outcome, ended.stderr);
    assert.equal(ended.code, code);
    assert.match(result.error, says);
    assert.ok(result.hint.length > 20);
    assert.equal(result.snapshot_id, null);
    assert.equal(countIn(tracker, "usage_events"), 0);
    assert.equal(countIn(tracker, "snapshots"), 0);
    assert.equal(countIn(tracker, "alerts WHERE kind = 'scrape_error' AND cleared_at IS NULL"), 1);
    assert.ok(countIn(tracker, "captures") >= 1, "a failed capture keeps what it saw");

    sim.fault = "none";
    tracker.env["SCRAPE_TIMEOUT_SECONDS"] = "60";
    const next = await tracker.run("scrape", "--json");
    assert.equal(JSON.parse(next.stdout).outcome, "stored", next.stderr);
    assert.equal(countIn(tracker, "alerts WHERE kind = 'scrape_error' AND cleared_at IS NULL"), 0);
  });
}
