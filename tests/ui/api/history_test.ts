import { store } from "../../adapters/sqlite/test_database.ts";
import { row, snapshot } from "../../domain/history/snapshots.ts";
import { fillTwoCycles, type TestServices, testServices } from "../services_harness.ts";
import assert from "node:assert/strict";

async function get({ app }: Pick<TestServices, "app">, path: string) {
  const response = await app.request(path);
  return { status: response.status, type: response.headers.get("content-type"), body: await response.json() };
}

Deno.test("GET /api/summary: $10 in ten of thirty days ends at $30, over $20, gone after twenty days", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const { status, body } = await get(services, "/api/summary");
  assert.equal(status, 200);
  assert.equal(body.spend_cents, 1000);
  assert.equal(body.spend_micros, 10_000_000);
  assert.equal(body.cost_basis, "included");
  assert.equal(body.spend_metric, "api_cost");
  assert.equal(body.budget_cents, 2000);
  assert.equal(body.status, "over");
  assert.equal(body.projection.method, "linear");
  assert.equal(body.projection.projected_cents, 3000);
  assert.equal(body.projection.linear_cents, 3000);
  assert.equal(body.projection.ewma_cents, 3000);
  assert.equal(body.projection.per_day_cents, 100);
  assert.equal(body.projection.budget_run_out, "2026-11-21T00:00:00Z");
  assert.equal(body.as_of, "2026-11-11T00:00:00Z");
  assert.equal(body.stale, false);
});

Deno.test("GET /api/summary of a cycle that is over stands at its end, with the budget of then", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const { body } = await get(services, "/api/summary?cycle=2026-10-01");
  assert.equal(body.cycle, "2026-10-01");
  assert.equal(body.as_of, "2026-11-01T00:00:00Z");
  assert.equal(body.spend_cents, 3100);
  assert.equal(body.projection.projected_cents, 3100);
  assert.equal(body.budget_cents, 2000);
  assert.equal(body.status, "over");
  assert.equal(body.projection.budget_outlook, "gone");
  assert.equal(body.today, null);
});

Deno.test("GET /api/summary projects stale figures from their last check, not from now", async () => {
  using services = testServices({ now: "2026-11-16T00:00:00Z" });
  fillTwoCycles(services);
  const { body } = await get(services, "/api/summary");
  assert.equal(body.stale, true);
  assert.equal(body.as_of, "2026-11-11T00:00:00Z");
  assert.equal(body.projection.projected_cents, 3000);
});

Deno.test("GET /api/summary without figures knows nothing", async () => {
  using services = testServices();
  const { status, body } = await get(services, "/api/summary");
  assert.equal(status, 200);
  assert.deepEqual([body.spend_cents, body.budget_cents, body.projection.projected_cents], [null, null, null]);
  assert.deepEqual([body.status, body.cost_basis, body.pools], ["unknown", "unknown", []]);
});

Deno.test("GET /api/summary with a model of unknown cost tells the known part and no projection", async () => {
  using services = testServices();
  store(services.stores, snapshot("2026-11-02T00:00:00Z", [row("opus", 2), row("hidden", null)]));
  const { body } = await get(services, "/api/summary");
  assert.equal(body.spend_cents, null);
  assert.equal(body.known_spend_cents, 200);
  assert.deepEqual(body.unknown_models, ["hidden"]);
  assert.equal(body.cost_basis, "unknown");
  assert.equal(body.status, "unknown");
  assert.equal(body.projection.projected_cents, null);
});

Deno.test("GET /api/summary measures cost_to_you where that is the metric", async () => {
  using services = testServices({ env: { SPEND_METRIC: "cost_to_you" } });
  store(services.stores, snapshot("2026-11-02T00:00:00Z", [row("opus", 2, { costToYou: 0.5 })]));
  const { body } = await get(services, "/api/summary");
  assert.deepEqual([body.spend_metric, body.spend_cents, body.cost_basis], ["cost_to_you", 50, "billed"]);
});

Deno.test("GET /api/summary with PROJECTION_METHOD=auto says which method it took, and why", async () => {
  using services = testServices({ env: { PROJECTION_METHOD: "auto" } });
  fillTwoCycles(services);
  const { body } = await get(services, "/api/summary");
  assert.equal(body.projection.method, "linear");
  assert.match(body.projection.method_reason, /^auto took linear: 1 finished cycles with known spend, 2 are needed/);
});

Deno.test("GET /api/daily gives the current cycle's days, free ones as zero", async () => {
  using services = testServices();
  store(services.stores, snapshot("2026-11-01T12:00:00Z", [row("opus", 1.5)], { checkedAt: "2026-11-03T08:00:00Z" }));
  const { body } = await get(services, "/api/daily");
  assert.deepEqual(
    body.days.map((day: { date: string; spend_cents: number }) => [day.date, day.spend_cents]),
    [["2026-11-01", 150], ["2026-11-02", 0], ["2026-11-03", 0]],
  );
  assert.deepEqual(body.days[0].tokens, {
    input_with_cache_write: 0,
    input_without_cache_write: 0,
    cache_read: 0,
    output: 10,
    total: 10,
  });
  assert.equal(body.days[0].estimated, false);
});

Deno.test("GET /api/daily takes a range over cycles, both ends included, and leaves out what nothing is known of", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const { body } = await get(services, "/api/daily?from=2026-10-30&to=2026-11-02");
  assert.deepEqual(
    body.days.map((day: { date: string; spend_micros: number }) => [day.date, day.spend_micros]),
    [["2026-10-30", 1_000_000], ["2026-10-31", 1_000_000], ["2026-11-01", 1_000_000], ["2026-11-02", 1_000_000]],
  );
  assert.deepEqual((await get(services, "/api/daily?from=2026-12-01&to=2026-12-31")).body.days, []);
  const all = (await get(services, "/api/daily?from=0001-01-01&to=9999-12-31")).body.days;
  assert.deepEqual([all.length, all[0].date, all.at(-1).date], [42, "2026-10-01", "2026-11-11"]);
  const open = (await get(services, "/api/daily?from=2026-11-10")).body.days;
  assert.deepEqual(open.map(({ date }: { date: string }) => date), ["2026-11-10", "2026-11-11"]);
});

Deno.test("GET /api/daily of a past cycle adds up to its spend", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const { body } = await get(services, "/api/daily?cycle=2026-10-01");
  const sum = body.days.reduce((total: number, day: { spend_micros: number }) => total + day.spend_micros, 0);
  assert.deepEqual([body.days.length, sum], [31, 31_000_000]);
});

Deno.test("GET /api/cycle and /api/models answer for a past cycle", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const cycle = (await get(services, "/api/cycle?cycle=2026-10-01")).body;
  assert.deepEqual([cycle.start, cycle.end, cycle.current, cycle.stale], ["2026-10-01", "2026-11-01", false, false]);
  assert.deepEqual([cycle.days_total, cycle.days_elapsed, cycle.days_remaining], [31, 31, 0]);
  const models = (await get(services, "/api/models?cycle=2026-10-01")).body.models;
  assert.deepEqual(models.map((each: { model: string; api_cost_cents: number }) => [each.model, each.api_cost_cents]), [
    ["opus", 3100],
  ]);
  const current = (await get(services, "/api/cycle")).body;
  assert.deepEqual([current.start, current.days_elapsed, current.current], ["2026-11-01", 10, true]);
});

Deno.test("GET /api/cycles lists cycles newest first with spend and budget", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const { body } = await get(services, "/api/cycles");
  assert.deepEqual(
    body.cycles.map((each: Record<string, unknown>) => [each.cycle, each.spend_cents, each.budget_cents, each.current]),
    [["2026-11-01", 1000, 2000, true], ["2026-10-01", 3100, 2000, false]],
  );
});

Deno.test("GET /api/scorecard: an even month was told right on each of its thirty days", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const { body } = await get(services, "/api/scorecard");
  assert.equal(body.cycles, 1);
  assert.deepEqual(
    body.scores.map((score: Record<string, unknown>) => [score.method, score.trials, score.mean_error_cents]),
    [["linear", 30, 0], ["ewma", 30, 0]],
  );
  assert.equal(body.by_day.length, 30);
});

Deno.test("a wrong query is refused with a problem that names the rule and the value", async (t) => {
  using services = testServices();
  fillTwoCycles(services);
  const cases: [path: string, status: number, detail: RegExp][] = [
    ["/api/daily?from=2026-11-05&to=2026-11-01", 400, /'from' must not be after 'to'.*2026-11-05 and 2026-11-01/],
    ["/api/daily?from=2026-02-30", 400, /'from' must be a date such as 2026-11-10: current value is "2026-02-30"/],
    ["/api/daily?to=tomorrow", 400, /'to' must be a date/],
    ["/api/daily?from=", 400, /'from' must be a date/],
    ["/api/daily?from=2026-11-01&from=2026-11-02", 400, /'from'/],
    ["/api/daily?cycle=2026-09-01", 404, /no cycle that starts on 2026-09-01/],
    ["/api/summary?cycle=2026-11-02", 404, /no cycle that starts on 2026-11-02/],
    ["/api/summary?cycle=November", 400, /'cycle' must be a date/],
    ["/api/cycle?cycle=1999-01-01", 404, /no cycle/],
    ["/api/models?cycle=-1", 400, /'cycle' must be a date/],
    ["/api/nothing", 404, /nothing at this address/],
    ["/?cycle=2020-01-01", 404, /no cycle/],
    ["/?cycle=x", 404, /no cycle/],
  ];
  for (const [path, status, detail] of cases) {
    await t.step(path, async () => {
      const answer = await get(services, path);
      assert.equal(answer.status, status);
      assert.equal(answer.type, "application/problem+json; charset=utf-8");
      assert.match(answer.body.detail, detail);
    });
  }
});
