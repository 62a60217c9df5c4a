import { NO_TOKENS } from "../../../domain/history/figures.ts";
import { cumulativeSpend, spentBy } from "../../../domain/report/days.ts";
import type { DaySpan } from "../../../domain/report/spans.ts";
import { date, dollars, instant, moments } from "../history/snapshots.ts";
import assert from "node:assert/strict";

function span(day: string, cost: number | null): DaySpan {
  const on = date(day);
  const known = dollars(cost);
  return { from: on, to: on, isTold: true, tokens: NO_TOKENS, known, unknownModels: [], estimated: false };
}

/** A cycle that begins at noon of the 10th. */
const CYCLE = {
  cycle: moments("2026-11-10T12:00:00Z", "2026-12-10T12:00:00Z"),
  firstCapturedAt: instant("2026-11-10T13:00:00Z"),
};
const SPANS = [span("2026-11-10", 1), span("2026-11-11", null), span("2026-11-12", 2)];

const points = (until: string) => cumulativeSpend(SPANS, { cycle: CYCLE, until: instant(until), timeZone: "UTC" });

Deno.test("cumulativeSpend() sums up to the end of each local day, and of the last one up to now", () => {
  assert.deepEqual(points("2026-11-12T06:00:00Z").map(({ day, spent }) => [day, spent / 1_000_000]), [
    [0, 0],
    [0.5, 1],
    [1.5, 1],
    [1.75, 3],
  ]);
});

Deno.test("spentBy() takes a day's spend as even, and knows nothing after the last point", () => {
  const known = points("2026-11-13T00:00:00Z");
  assert.equal(spentBy(known, 0.25), dollars(0.5));
  assert.equal(spentBy(known, 2), dollars(2));
  assert.equal(spentBy(known, 2.5), dollars(3));
  assert.equal(spentBy(known, 2.6), null);
});
