import assert from "node:assert/strict";
import { totalsOf } from "../../domain/event_totals.ts";
import { UNKNOWN_TOKENS } from "../../domain/events.ts";
import { makeEvent } from "./make_event.ts";

Deno.test("a sum tells what it knows, what it does not, and what it leaves out", () => {
  const totals = totalsOf([
    makeEvent({ kind: "usage_based", api: 100_000, stated: 120_000 }),
    makeEvent({ kind: "usage_based", api: null }),
    makeEvent({ kind: "errored", api: 4_110_000 }),
    makeEvent({ kind: "included", api: null, stated: null, tokens: UNKNOWN_TOKENS }),
    makeEvent({ kind: "unknown", api: 70_000 }),
  ]);
  assert.deepEqual(totals, {
    events: 5,
    tokens: 400,
    eventsWithoutTokens: 1,
    apiCost: { known: 4_280_000, unknownEvents: 2 },
    charged: { known: 120_000, unknownEvents: 2 },
    bases: ["billed", "included", "unknown"],
    excluded: [
      { reason: "errored", events: 1, stated: 4_110_000 },
      { reason: "included", events: 1, stated: 0 },
      { reason: "unknown", events: 1, stated: 70_000 },
    ],
  });
});

Deno.test("no events come to zero, of no basis", () => {
  assert.deepEqual(totalsOf([]).bases, []);
  assert.equal(totalsOf([]).charged.known, 0);
});
