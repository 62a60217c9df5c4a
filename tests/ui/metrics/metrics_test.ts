import type { Run, RunStatus } from "../../../domain/runs/run.ts";
import { METRICS_TYPE } from "../../../ui/api/metrics.ts";
import type { Metric } from "../../../ui/metrics/metric.ts";
import { METRICS } from "../../../ui/metrics/metrics.ts";
import { createWebApp } from "../../../ui/web/app.ts";
import { store } from "../../adapters/sqlite/test_database.ts";
import { instant, row, snapshot } from "../../domain/history/snapshots.ts";
import { ROOT } from "../../house/source_files.ts";
import { fillTwoCycles, type TestServices, testServices } from "../services_harness.ts";
import { readExposition } from "./exposition.ts";
import assert from "node:assert/strict";

/** Names that the exposition has for a metric: a histogram has three. */
function exposedNames({ name, kind }: Metric): string[] {
  return kind === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => name + end) : [name];
}

async function scrape({ app }: Pick<TestServices, "app">) {
  const response = await app.request("/metrics");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), METRICS_TYPE);
  const text = await response.text();
  return { text, metrics: readExposition(text) };
}

function run(id: number, { status, from, to }: { status: RunStatus; from: string; to: string | null }): Run {
  const [createdAt, finishedAt] = [instant(from), to === null ? null : instant(to)];
  const rest = { input: null, output: null, failure: null, owner: "x", fence: 1, retries: 0, cancelRequestedAt: null };
  return { id, job: "scrape", key: String(id), status, createdAt, finishedAt, ...rest };
}

Deno.test("/metrics tells spend, budget, projection, tokens and freshness of the current cycle", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const { metrics } = await scrape(services);
  const value = (name: string, labels = "") => metrics.get(name)?.values.get(labels);
  assert.equal(value("tracker_spend_dollars"), 10);
  assert.equal(value("tracker_budget_dollars"), 20);
  assert.equal(value("tracker_projected_spend_dollars"), 30);
  assert.equal(value("tracker_budget_status", 'status="over"'), 1);
  assert.equal(value("tracker_budget_status", 'status="on_track"'), 0);
  assert.equal(value("tracker_cycle_tokens", 'type="output",model="opus"'), 10);
  assert.equal(value("tracker_cycle_model_spend_dollars", 'model="auto"'), 4);
  assert.equal(value("tracker_last_success_age_seconds"), 0);
  assert.equal(value("tracker_last_success_timestamp_seconds"), 1_794_355_200); // 2026-11-11T00:00:00Z
});

Deno.test("what is unknown has no metric, and is not 0", async () => {
  using services = testServices();
  const empty = (await scrape(services)).metrics;
  for (const name of ["tracker_spend_dollars", "tracker_budget_dollars", "tracker_last_success_age_seconds"]) {
    assert.equal(empty.has(name), false, name);
  }
  store(services.stores, snapshot("2026-11-10T10:00:00Z", [row("opus", 1), row("new", null)]));
  const { metrics } = await scrape(services);
  assert.equal(metrics.has("tracker_spend_dollars"), false);
  assert.equal(metrics.get("tracker_known_spend_dollars")?.values.get(""), 1);
  assert.deepEqual([...metrics.get("tracker_cycle_model_spend_dollars")?.values.keys() ?? []], ['model="opus"']);
});

Deno.test("however many models and addresses there are, the series are bounded", async () => {
  using services = testServices();
  const models = Array.from({ length: 50 }, (_, place) => row(`model-${place} "x"\\\n`, 50 - place));
  store(services.stores, snapshot("2026-11-10T10:00:00Z", models));
  for (let place = 0; place < 50; place++) await services.app.request(`/nothing/${place}`);
  const { metrics } = await scrape(services);
  const spend = metrics.get("tracker_cycle_model_spend_dollars")?.values;
  assert.equal(spend?.size, 21);
  // The 30 that cost least: 30 + 29 + … + 1.
  assert.equal(spend?.get('model="other"'), 465);
  const counts = [...metrics.get("tracker_http_request_duration_seconds")?.values ?? []]
    .filter(([labels]) => labels.startsWith("_count"));
  assert.deepEqual(counts, [['_countroute="(none)",method="GET",status="4xx"', 50]]);
});

Deno.test("runs are counted once, from the server's start on, and never less", async () => {
  using services = testServices({ now: "2026-11-11T00:00:00Z" });
  let runs = [
    run(2, { status: "running", from: "2026-11-11T00:00:00Z", to: null }),
    run(1, { status: "succeeded", from: "2026-11-10T23:00:00Z", to: "2026-11-10T23:00:07Z" }),
  ];
  const app = createWebApp({ ...services.services, runs: { ...services.services.runs, list: () => runs } });
  const total = async (outcome: string) =>
    (await scrape({ app })).metrics.get("tracker_runs_total")?.values.get(`job="scrape",outcome="${outcome}"`);
  assert.deepEqual([await total("succeeded"), await total("failed")], [0, 0]);
  runs = [run(2, { status: "failed", from: "2026-11-11T00:00:00Z", to: "2026-11-11T00:00:40Z" }), ...runs.slice(1)];
  assert.deepEqual([await total("failed"), await total("failed")], [1, 1]);
  const { metrics } = await scrape({ app });
  const labels = 'job="scrape",outcome="failed"';
  const durations = metrics.get("tracker_run_duration_seconds")?.values;
  assert.deepEqual(
    [`_sum${labels}`, `_bucket${labels},le="30"`, `_bucket${labels},le="60"`].map((key) => durations?.get(key)),
    [40, 0, 1],
  );
  assert.equal(metrics.get("tracker_job_last_run_succeeded")?.values.get('job="scrape"'), 0);
  assert.equal(metrics.get("tracker_job_last_success_timestamp_seconds")?.values.get('job="scrape"'), 1_794_351_607);
  runs = [];
  assert.equal(await total("failed"), 1);
});

Deno.test("every metric is declared as the list of them says, by Prometheus's conventions", async () => {
  using services = testServices();
  fillTwoCycles(services);
  await services.app.request("/");
  const { text, metrics } = await scrape(services);
  for (const [name, { type, help }] of metrics) {
    const metric = METRICS.find((one) => one.name === name) ?? assert.fail(name);
    assert.deepEqual({ type, help }, { type: metric.kind, help: metric.help });
  }
  for (const { name, kind } of METRICS) assert.equal(name.endsWith("_total"), kind === "counter", name);
  assert.equal(new Set(METRICS.map(({ name }) => name)).size, METRICS.length);
  const promtool = await runPromtool(text);
  if (promtool !== null) assert.deepEqual(promtool, { code: 0, said: "" });
});

/** Null where Prometheus's own checker is not installed. */
async function runPromtool(text: string): Promise<{ code: number; said: string } | null> {
  try {
    const child = new Deno.Command("promtool", {
      args: ["check", "metrics"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

Deno.test("the dashboard for Grafana queries metrics that there are, and no panel lies over another", async () => {
  const dashboard = JSON.parse(await Deno.readTextFile(`${ROOT}docs/grafana-dashboard.json`));
  const exposed = new Set(METRICS.flatMap(exposedNames));
  const taken = new Set<string>();
  assert.ok(dashboard.panels.length >= 12);
  for (const { title, targets, gridPos: { x, y, w, h } } of dashboard.panels) {
    assert.ok(targets.length > 0, title);
    for (const { expr } of targets) {
      const names = expr.match(/\b(?:tracker|process)_\w+/g) ?? [];
      assert.ok(names.length > 0, expr);
      for (const name of names) assert.ok(exposed.has(name), `${title}: ${name}`);
    }
    for (let place = 0; place < w * h; place++) {
      const cell = `${x + place % w} ${y + Math.floor(place / w)}`;
      assert.ok(!taken.has(cell) && x + w <= 24, `${title} at ${cell}`);
      taken.add(cell);
    }
  }
});
