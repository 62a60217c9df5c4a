import { sumOfModels } from "../../fixtures/cursor_sim/usage.ts";
import { countIn, type LoggedIn, NOW, query, withLoggedIn } from "./harness.ts";
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync } from "node:zlib";

async function scrape({ tracker }: LoggedIn) {
  const { code, stdout, stderr } = await tracker.run("scrape", "--json");
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

Deno.test("a scrape stores, finds nothing new, and stores again after the usage grew", async () => {
  await withLoggedIn({}, async (parts) => {
    const { tracker, sim, clock } = parts;
    const first = await scrape(parts);
    assert.equal(first.outcome, "stored");
    assert.equal(first.source, "network_json");
    assert.equal(first.rows_count, sim.history.at(NOW).models.length);
    assert.equal(first.billing_period_start, "2026-11-10");
    assert.equal(first.billing_period_end, "2026-12-10");
    assert.match(first.table_hash, /^[0-9a-f]{64}$/);
    assert.equal(first.error, null);

    sim.shuffleRows = true;
    const second = await scrape(parts);
    assert.equal(second.outcome, "unchanged");
    assert.equal(second.table_hash, first.table_hash);
    assert.equal(second.snapshot_id, first.snapshot_id);

    clock.at = NOW.add({ hours: 60 });
    const third = await scrape(parts);
    assert.equal(third.outcome, "stored");
    assert.notEqual(third.table_hash, first.table_hash);

    const [{ spend }] = query(
      tracker,
      `SELECT sum(api_cost_micros) AS spend FROM usage_events WHERE snapshot_id = ${third.snapshot_id}`,
    ) as [{ spend: number }];
    assert.equal(spend, sumOfModels("all", sim.history.at(clock.at).models).apiCost);
    assert.equal(countIn(tracker, "snapshots"), 2);
  });
});

Deno.test("the table in the page is read where the JSON brings no rows", async () => {
  await withLoggedIn({ mode: "dom", ariaTable: true, lateTable: true, totalRow: true }, async (parts) => {
    const result = await scrape(parts);
    assert.equal(result.outcome, "stored");
    assert.equal(result.source, "dom_table");
    assert.equal(result.rows_count, parts.sim.history.at(NOW).models.length);
    assert.equal(result.billing_period_start, "2026-11-10");
    assert.equal(result.billing_period_end, "2026-12-10");
  });
});

Deno.test("a page that asks for the last week only does not pass for the cycle", async () => {
  await withLoggedIn({ pageWindow: "last_7_days", neverIdle: true }, async (parts) => {
    await scrape(parts);
    const rows = query(parts.tracker, "SELECT sum(total_tokens) AS tokens FROM usage_events");
    const { models } = parts.sim.history.at(NOW);
    const expected = models.reduce((sum, { tokens }) => sum + tokens.total, 0);
    assert.equal(rows[0]?.["tokens"], expected);
  });
});

Deno.test("a capture holds no cookie, no e-mail and nothing of another host", async () => {
  await withLoggedIn({}, async (parts) => {
    await scrape(parts);
    const blobs = query(parts.tracker, "SELECT url, payload FROM raw_blobs");
    assert.ok(blobs.length >= 3);
    for (const { url, payload } of blobs) {
      assert.ok(String(url).startsWith(parts.sim.origin), String(url));
      assert.ok(payload instanceof Uint8Array);
      const text = gunzipSync(payload).toString("utf8");
      assert.ok(!text.includes(parts.sim.email));
      assert.ok(!text.includes("WorkosCursorSessionToken"));
    }
    const log = await Deno.readTextFile(`${parts.tracker.dataDir}/logs/tracker.log`);
    assert.ok(log.includes(`"event":"scrape.stored"`));
    for (const line of log.trim().split("\n")) assert.equal(typeof JSON.parse(line).event, "string");
  });
});

Deno.test("only the last 20 captures are kept", async () => {
  await withLoggedIn({}, async (parts) => {
    await scrape(parts);
    const db = new DatabaseSync(`${parts.tracker.dataDir}/tracker.db`);
    for (let n = 0; n < 25; n++) {
      db.exec("INSERT INTO captures (captured_at, evidence) SELECT captured_at, evidence FROM captures LIMIT 1");
    }
    db.close();
    await scrape(parts);
    assert.equal(countIn(parts.tracker, "captures"), 20);
    assert.equal(countIn(parts.tracker, "usage_events WHERE raw_blob_id IS NULL"), 5);
  });
});
