import type { OwnEvent } from "../../../domain/history/own_events.ts";
import { ZERO } from "../../../domain/money.ts";
import { busiestHour } from "../../../domain/report/anomalies.ts";
import { dollars, instant, row } from "../history/snapshots.ts";
import assert from "node:assert/strict";

function event(time: string, apiCost: number | null): OwnEvent {
  const at = instant(`2026-11-21T${time}:00Z`);
  return { at, model: "opus", tokens: row("opus", 0).tokens, apiCost: dollars(apiCost), costToYou: ZERO };
}

function hourOf(events: readonly OwnEvent[], { spend = 10, timeZone = "UTC" } = {}): number | null {
  return busiestHour(events, { metric: "api_cost", timeZone, spend: dollars(spend) });
}

Deno.test("busiestHour() is the local hour whose events cost most together", () => {
  // 9 o'clock: 2 + 2 = 4; 14 o'clock: 3.
  const events = [event("14:30", 3), event("09:00", 2), event("09:59", 2)];
  assert.equal(hourOf(events), 9);
  assert.equal(hourOf(events, { timeZone: "Asia/Kathmandu" }), 20, "14:45 and 15:44: $2 each; 20:15: $3");
});

Deno.test("busiestHour() is the first of equal hours", () => {
  assert.equal(hourOf([event("15:00", 3), event("08:00", 3)]), 8);
});

Deno.test("busiestHour() is unknown where events come to less than half of the spend", () => {
  assert.equal(hourOf([event("09:00", 4.99)]), null);
  assert.equal(hourOf([event("09:00", 5)]), 9);
  assert.equal(hourOf([]), null);
});

Deno.test("busiestHour() is unknown where an event's cost is", () => {
  assert.equal(hourOf([event("09:00", 9), event("10:00", null)]), null);
});
