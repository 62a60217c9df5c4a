import { fingerprintOf } from "../../domain/readers/drift.ts";
import type { ShapeNews } from "../../domain/readers/shapes.ts";
import { noteDrift } from "../../jobs/scrape.ts";
import { sweepHarness } from "./sweep_harness.ts";
import assert from "node:assert/strict";

const ROW = { modelIntent: "a", inputTokens: "12", outputTokens: "3", totalCents: 1.5 };
const { totalCents: _, ...FREE } = ROW;

/** What is new in an hour's capture of such a row, after the sweep that follows it. */
async function note(test: ReturnType<typeof sweepHarness>, row: Record<string, string | number>, hour: number) {
  test.time.set(Temporal.Instant.from("2026-11-21T10:00:00Z").add({ hours: hour }).toString());
  const fingerprint = fingerprintOf({ aggregations: [row] });
  const observed = [{ endpoint: "usage", recognizer: "aggregated_usage_events", fingerprint }];
  const news: readonly ShapeNews[] = noteDrift(test.stores, { observed, at: test.time.now() });
  test.pass({ seconds: 5 });
  await test.sweep();
  return news;
}

Deno.test("a lost figure opens one alert, which lasts until the figure is back", async () => {
  using test = sweepHarness();
  const { alerts, shapes } = test.stores;
  assert.equal((await note(test, ROW, 0)).length, 0);
  assert.equal(alerts.listOpen("schema_drift").length, 0);
  assert.deepEqual((await note(test, FREE, 1)).map(({ lostFigures }) => lostFigures), [["API cost"]]);
  await note(test, FREE, 2);
  const [alert, ...more] = alerts.list(10);
  assert.equal(more.length, 0);
  assert.match(alert?.details ?? "", /API cost \(usage\): shown as unknown/);
  assert.equal(alert?.triggeredAt.toString(), "2026-11-21T11:00:00Z");
  assert.equal(String(shapes.list()[0]?.driftedAt), "2026-11-21T11:00:00Z");
  await note(test, ROW, 3);
  assert.equal(alerts.listOpen("schema_drift").length, 0);
  await note(test, FREE, 4);
  assert.equal(alerts.listOpen("schema_drift").length, 1);
  assert.equal(alerts.list(10).length, 2);
});

Deno.test("a new field is told once and opens no alert", async () => {
  using test = sweepHarness();
  await note(test, ROW, 0);
  const added = (await note(test, { ...ROW, tier: "fast" }, 1)).map(({ added }) => added);
  assert.deepEqual(added, [["aggregations[].tier"]]);
  assert.equal((await note(test, { ...ROW, tier: "fast" }, 2)).length, 0);
  assert.equal(test.stores.alerts.list(10).length, 0);
});
