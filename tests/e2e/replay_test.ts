import { type LoggedIn, withLoggedIn } from "./harness.ts";
import assert from "node:assert/strict";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";

function onDatabase<T>({ tracker }: LoggedIn, use: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(`${tracker.dataDir}/tracker.db`);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

function first(parts: LoggedIn, sql: string): SQLOutputValue | undefined {
  return onDatabase(parts, (db) => Object.values(db.prepare(sql).get() ?? {})[0]);
}

async function run({ tracker }: LoggedIn, ...args: string[]) {
  const { code, stdout, stderr } = await tracker.run(...args);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

const SPEND = "SELECT sum(api_cost_micros) FROM usage_events WHERE snapshot_id = " +
  "(SELECT id FROM snapshots WHERE superseded_by IS NULL ORDER BY id DESC LIMIT 1)";

Deno.test("a scrape keeps the page's events, each once however often it is read", async () => {
  await withLoggedIn({}, async (parts) => {
    await run(parts, "scrape", "--json");
    const content = "SELECT group_concat(at || model || total_tokens || coalesce(api_cost_micros, '-')) FROM events";
    const events = first(parts, "SELECT count(*) FROM events");
    const seen = first(parts, content);
    assert.equal(events, parts.sim.history.at(parts.clock.at).events.length);
    await run(parts, "scrape", "--json");
    assert.equal(first(parts, "SELECT count(*) FROM events"), events);
    assert.equal(first(parts, content), seen);
    parts.clock.at = parts.clock.at.add({ hours: 60 });
    await run(parts, "scrape", "--json");
    const count = parts.sim.history.at(parts.clock.at).events.length;
    assert.ok(count > Number(events));
    assert.equal(first(parts, "SELECT count(*) FROM events"), count);
    assert.equal(first(parts, "SELECT count(*) FROM payload_shapes WHERE drifted_at IS NOT NULL"), 0);
    assert.equal(first(parts, "SELECT count(*) FROM alerts WHERE kind = 'schema_drift'"), 0);
  });
});

Deno.test("replay finds damaged figures, tells them, and --apply mends them once", async () => {
  await withLoggedIn({}, async (parts) => {
    await run(parts, "scrape", "--json");
    await run(parts, "scrape", "--json");
    const spend = first(parts, SPEND);
    assert.deepEqual((await run(parts, "replay", "--json")).captures.map((each: { outcome: string }) => each.outcome), [
      "same",
      "same",
    ]);
    const model = onDatabase(parts, (db) => {
      db.exec("UPDATE usage_events SET api_cost_micros = 7 WHERE id = 1; DELETE FROM events WHERE id = 1");
      return String(db.prepare("SELECT model FROM usage_events WHERE id = 1").get()?.["model"]);
    });
    const damaged = first(parts, SPEND);
    const shown = await parts.tracker.run("replay");
    assert.equal(shown.code, 0, shown.stderr);
    assert.ok(shown.stdout.includes(`${model}: api cost`), shown.stdout);
    assert.match(shown.stdout, /'tracker replay --apply'/);
    assert.equal(first(parts, SPEND), damaged, "showing changes nothing");
    const [corrected, checked] = (await run(parts, "replay", "--apply", "--json")).captures;
    assert.equal(corrected.outcome, "corrected");
    assert.equal(corrected.changes[0].before, 7);
    assert.equal(corrected.events_added, 1);
    assert.equal(checked.outcome, "same");
    assert.equal(first(parts, SPEND), spend);
    const again = await run(parts, "replay", "--capture", String(corrected.capture_id), "--json");
    assert.deepEqual(again.captures.map((each: { outcome: string }) => each.outcome), ["same"]);
    const next = await run(parts, "scrape", "--json");
    assert.equal(next.outcome, "unchanged");
  });
});
