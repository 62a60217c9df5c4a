import type { Evidence } from "../../domain/capture/capture.ts";
import { CaptureFailed, type FailedOutcome } from "../../domain/capture/outcome.ts";
import type { TokenCounts } from "../../domain/capture/usage.ts";
import { type Micros, micros, sumMicros, toCents } from "../../domain/money.ts";
import { captureOf, htmlPayload, jsonPayload } from "../domain/capture/capture_of.ts";
import { answerCapture, jsonCapture, rowsCapture, ScrapeHarness, type Sight, usageBy } from "./scrape_harness.ts";
import assert from "node:assert/strict";

const EARLIER = usageBy("2026-11-18T08:00:00Z");
const TODAY = usageBy("2026-11-21T19:00:00Z");
const HOUR_LATER = TODAY.at.add({ hours: 1 });

/** A page without figures, and what was seen beside it. */
function blank(evidence: Partial<Evidence>): Sight {
  return captureOf({ at: TODAY.at, payloads: [htmlPayload("<p>nothing</p>")], evidence });
}

/** What the site shows for each way of failing. */
const FAILURES: readonly (readonly [FailedOutcome, () => Sight[]])[] = [
  ["logged_out", () => [blank({ finalUrl: "https://authenticator.cursor.sh/", hasLoginForm: true })]],
  ["challenged", () => [blank({ isChallenged: true, pageStatus: 403 })]],
  ["layout_changed", () => [blank({})]],
  ["unreachable", () => [blank({ pageStatus: null }), blank({ pageStatus: 503 })]],
  ["no_browser", () => [new CaptureFailed("No Chromium was found.", { outcome: "no_browser" })]],
  ["empty_period", () => [answerCapture("get-aggregated-usage-events", { body: {}, at: TODAY.at })]],
];

Deno.test("the first scrape stores a snapshot of the page's table", async () => {
  const harness = new ScrapeHarness();
  const { run, result } = await harness.scrape(jsonCapture(TODAY));
  const snapshot = harness.stores.usage.latest();
  assert.equal(run.status, "succeeded");
  assert.equal(snapshot?.id, result.snapshot_id);
  assert.deepEqual({ ...result, table_hash: null }, {
    outcome: "stored",
    source: "network_json",
    snapshot_id: snapshot?.id,
    rows_count: TODAY.models.length,
    table_hash: null,
    billing_period_start: "2026-11-10",
    billing_period_end: "2026-12-10",
    error: null,
    hint: null,
  });
  assert.match(result.table_hash ?? "", /^[0-9a-f]{64}$/);
  assert.equal(snapshot?.tableHash, result.table_hash);
});

Deno.test("the stored rows hold the site's figures, model by model", async () => {
  const harness = new ScrapeHarness();
  const { result } = await harness.scrape(jsonCapture(TODAY));
  const rows = harness.stores.usage.rows(result.snapshot_id ?? 0);
  // The site calls one model "default" here and "auto" there: its row is told by its figures.
  const figures = (list: readonly { model: string; tokens: TokenCounts; apiCost: Micros | null }[]) =>
    list.map(({ model, tokens, apiCost }) => [model === "auto" ? "default" : model, tokens, apiCost])
      .toSorted((a, b) => String(a[0]) < String(b[0]) ? -1 : 1);
  assert.deepEqual(figures(rows), figures(TODAY.models));
  assert.ok(rows.length > 1 && (sumMicros(rows.map(({ apiCost }) => apiCost)) ?? 0) > 0);
});

Deno.test("a scrape that finds the same only moves the last check", async () => {
  const harness = new ScrapeHarness();
  const first = await harness.scrape(jsonCapture(TODAY));
  const before = harness.stores.usage.latest();
  const { result } = await harness.scrape(jsonCapture(TODAY, { at: HOUR_LATER }));
  assert.equal(result.outcome, "unchanged");
  assert.equal(result.snapshot_id, first.result.snapshot_id);
  assert.equal(result.table_hash, first.result.table_hash);
  const after = harness.stores.usage.latest();
  assert.equal(after?.lastCheckedAt.toString(), HOUR_LATER.toString());
  assert.deepEqual({ ...after, lastCheckedAt: null }, { ...before, lastCheckedAt: null });
  assert.equal(harness.stores.captures.list().length, 2);
});

Deno.test("a scrape after more was used stores a second snapshot", async () => {
  const harness = new ScrapeHarness();
  const earlier = await harness.scrape(jsonCapture(EARLIER));
  const today = await harness.scrape(jsonCapture(TODAY));
  assert.equal(today.result.outcome, "stored");
  assert.notEqual(today.result.table_hash, earlier.result.table_hash);
  assert.notEqual(today.result.snapshot_id, earlier.result.snapshot_id);
  assert.equal(harness.stores.usage.latest()?.capturedAt.toString(), TODAY.at.toString());
  assert.equal(harness.stores.usage.latestAt(EARLIER.at)?.id, earlier.result.snapshot_id);
});

Deno.test("the same rows in another order are unchanged", async () => {
  const harness = new ScrapeHarness();
  await harness.scrape(jsonCapture(TODAY));
  const { result } = await harness.scrape(
    jsonCapture(TODAY, { at: HOUR_LATER, models: TODAY.models.toReversed() }),
  );
  assert.equal(result.outcome, "unchanged");
});

Deno.test("the flat shape is stored, and unchanged when it comes again in another order", async () => {
  const harness = new ScrapeHarness();
  const first = await harness.scrape(rowsCapture(TODAY));
  assert.equal(first.result.outcome, "stored");
  const cents = harness.stores.usage.rows(first.result.snapshot_id ?? 0).map(({ apiCost }) => toCents(apiCost));
  assert.deepEqual(cents, TODAY.models.map(({ apiCost }) => toCents(apiCost)));
  const second = await harness.scrape(
    rowsCapture(TODAY, { at: HOUR_LATER, models: TODAY.models.toReversed() }),
  );
  assert.equal(second.result.outcome, "unchanged");
});

Deno.test("the table of the page is read where the JSON holds none", async () => {
  const harness = new ScrapeHarness();
  const html = await Deno.readTextFile(new URL("../../fixtures/html/usage_table.html", import.meta.url));
  const { result } = await harness.scrape(captureOf({ at: TODAY.at, payloads: [htmlPayload(html)] }));
  assert.deepEqual([result.outcome, result.source, result.rows_count], ["stored", "dom_table", 3]);
  const costs = harness.stores.usage.rows(result.snapshot_id ?? 0).map(({ apiCost }) => apiCost);
  assert.deepEqual(costs, [micros(1_234_560_000), micros(230_000), null]);
});

for (const [outcome, sights] of FAILURES) {
  Deno.test(`${outcome}: one alert is opened, however often it fails, and the next success clears it`, async () => {
    const harness = new ScrapeHarness();
    const good = await harness.scrape(jsonCapture(EARLIER));
    const { run, result } = await harness.scrape(...sights());
    assert.equal(run.status, "failed");
    assert.equal(result.outcome, outcome);
    assert.ok(result.error !== null && result.hint !== null);
    assert.equal(result.snapshot_id, null);
    await harness.scrape(...sights());
    assert.deepEqual(harness.openAlerts(), ["scrape_error"]);
    const [alert] = harness.stores.alerts.list(10);
    assert.ok(alert?.details.startsWith(result.error));
    assert.equal(harness.stores.usage.latest()?.id, good.result.snapshot_id);

    await harness.scrape(jsonCapture(TODAY));
    assert.deepEqual(harness.openAlerts(), []);
    assert.equal(harness.stores.alerts.list(10).length, 1);
    assert.equal(harness.stores.alerts.list(10)[0]?.clearedAt?.toString(), TODAY.at.toString());
  });
}

Deno.test("a success that finds nothing new clears the alert too, and a later failure opens another", async () => {
  const harness = new ScrapeHarness();
  await harness.scrape(jsonCapture(TODAY));
  await harness.scrape(blank({}));
  await harness.scrape(jsonCapture(TODAY, { at: HOUR_LATER }));
  assert.deepEqual(harness.openAlerts(), []);
  await harness.scrape(blank({}));
  assert.deepEqual(harness.openAlerts(), ["scrape_error"]);
  assert.equal(harness.stores.alerts.list(10).length, 2);
});

Deno.test("a profile that another process uses fails the run without an alert", async () => {
  const harness = new ScrapeHarness();
  const { run, result } = await harness.scrape(new CaptureFailed("The profile is in use.", { outcome: "locked" }));
  assert.equal(run.status, "failed");
  assert.equal(result.outcome, "locked");
  assert.deepEqual(harness.openAlerts(), []);
});

Deno.test("an error that is none of the site's fails the run with an alert and no outcome", async () => {
  const harness = new ScrapeHarness();
  const { run, result } = await harness.scrape(new Error("out of memory"));
  assert.equal(run.status, "failed");
  assert.deepEqual([result.outcome, result.error], [null, "out of memory"]);
  assert.deepEqual(harness.openAlerts(), ["scrape_error"]);
});

Deno.test("a failed capture is kept for debugging, one for each try", async () => {
  const harness = new ScrapeHarness();
  await harness.scrape(blank({ pageStatus: 503 }), blank({ pageStatus: 502 }));
  const kept = harness.stores.captures.list().map(({ id }) => harness.stores.captures.load(id)?.evidence.pageStatus);
  assert.deepEqual(kept, [502, 503]);
});

Deno.test("an unreachable page gets one more try, other failures and slow ones none", async () => {
  const harness = new ScrapeHarness();
  const again = await harness.scrape(blank({ pageStatus: 503 }), jsonCapture(TODAY));
  assert.equal(again.result.outcome, "stored");
  assert.deepEqual(harness.openAlerts(), []);
  const once: Partial<Evidence>[] = [{ hasLoginForm: true }, { isChallenged: true }, {
    pageStatus: 503,
    durationMs: 20_000,
  }];
  for (const evidence of once) {
    const { run } = await harness.scrape(blank(evidence));
    assert.equal(harness.runStore.attempts(run.id).length, 1, JSON.stringify(evidence));
  }
});

Deno.test("a table with a value that cannot be read is a changed layout that says which", async () => {
  const harness = new ScrapeHarness();
  const aggregations = [{ modelIntent: "m", inputTokens: "plenty" }];
  const { result } = await harness.scrape(
    answerCapture("get-aggregated-usage-events", { body: { aggregations }, at: TODAY.at }),
  );
  assert.equal(result.outcome, "layout_changed");
  assert.match(result.error ?? "", /inputTokens.*plenty/);
});

Deno.test("an empty table is stored where no figures of its cycle are known", async () => {
  const first = new ScrapeHarness();
  const nothingYet = () => ({ ...usageBy("2026-12-10T12:05:42Z"), models: [] });
  const stored = await first.scrape(jsonCapture(nothingYet()));
  assert.deepEqual([stored.result.outcome, stored.result.rows_count], ["stored", 0]);

  const second = new ScrapeHarness();
  await second.scrape(jsonCapture(TODAY));
  const rollover = await second.scrape(jsonCapture(nothingYet()));
  assert.deepEqual([rollover.result.outcome, rollover.result.billing_period_start], ["stored", "2026-12-10"]);
});

Deno.test("an empty table in the middle of a cycle that had figures fails, and the figures stay", async () => {
  const harness = new ScrapeHarness();
  const { result: good } = await harness.scrape(jsonCapture(TODAY));
  const { result } = await harness.scrape(jsonCapture({ ...TODAY, models: [] }, { at: HOUR_LATER }));
  assert.equal(result.outcome, "empty_period");
  const latest = harness.stores.usage.latest();
  assert.deepEqual([latest?.id, latest?.rowsCount], [good.snapshot_id, TODAY.models.length]);
  assert.equal(latest?.lastCheckedAt.toString(), TODAY.at.toString());
  assert.equal(harness.stores.captures.list().length, 2);
});

Deno.test("a retry of a failed run looks at the page anew and clears the alert", async () => {
  const harness = new ScrapeHarness();
  const { run } = await harness.scrape(blank({ hasLoginForm: true }));
  assert.deepEqual(harness.openAlerts(), ["scrape_error"]);
  const retried = await harness.retry(run.id, jsonCapture(TODAY));
  assert.equal(retried.status, "succeeded");
  assert.equal(harness.stores.usage.latest()?.rowsCount, TODAY.models.length);
  assert.deepEqual(harness.openAlerts(), []);
});

Deno.test("a tick that has run is not run again", async () => {
  const harness = new ScrapeHarness();
  harness.sights.push(jsonCapture(EARLIER), jsonCapture(TODAY));
  const first = await harness.engine.start("scrape", "2026-11-21T19:00Z", null);
  const second = await harness.engine.start("scrape", "2026-11-21T19:00Z", null);
  assert.equal(second.id, first.id);
  assert.equal(harness.sights.length, 1);
});

Deno.test("a payload that is no JSON is passed over where another holds the table", async () => {
  const harness = new ScrapeHarness();
  const broken = { ...jsonPayload("usage-summary", null), body: '{"billingCycle' };
  const { payloads } = jsonCapture(TODAY);
  const { result } = await harness.scrape(captureOf({ at: TODAY.at, payloads: [broken, ...payloads] }));
  assert.equal(result.outcome, "stored");
});

Deno.test("a capture is read once, by a scrape that stores it as by one that finds nothing new or nothing at all", async () => {
  const harness = new ScrapeHarness();
  await harness.scrape(jsonCapture(EARLIER));
  assert.equal(harness.reads, 1);
  await harness.scrape(jsonCapture(EARLIER));
  assert.equal(harness.reads, 2);
  await harness.scrape(blank({}));
  assert.equal(harness.reads, 3);
});

Deno.test("a run that goes on after its capture was kept reads that one again, with the same figures", async () => {
  const harness = new ScrapeHarness();
  const { usage } = harness.stores;
  const insert = usage.insert.bind(usage);
  usage.insert = () => {
    throw new Error("the disk went away");
  };
  const { run, result } = await harness.scrape(jsonCapture(TODAY));
  assert.deepEqual([run.status, result.snapshot_id, harness.reads], ["failed", null, 1]);
  usage.insert = insert;
  const retried = await harness.engine.retry(run.id);
  assert.deepEqual([retried.status, harness.reads], ["succeeded", 2]);
  const once = new ScrapeHarness();
  const { result: expected } = await once.scrape(jsonCapture(TODAY));
  assert.deepEqual(retried.output, expected);
});
