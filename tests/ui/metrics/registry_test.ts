import { Reports } from "../../../domain/report/reports.ts";
import type { Durations, Figure } from "../../../ui/metrics/metric.ts";
import { METRICS } from "../../../ui/metrics/metrics.ts";
import { MetricRegistry } from "../../../ui/metrics/registry.ts";
import { look } from "../../../ui/metrics/seen.ts";
import { fillTwoCycles, testServices } from "../services_harness.ts";
import { readExposition } from "./exposition.ts";
import assert from "node:assert/strict";

const WAITS: Durations = {
  name: "test_wait_seconds",
  help: "How long it took.",
  kind: "histogram",
  labels: ["what"],
  buckets: [1, 2],
};

function seen() {
  using services = testServices();
  fillTwoCycles(services);
  return look({ ...services.services, reports: new Reports(services.services) }, new Map());
}

Deno.test("a metric that is put into the list is exposed without another edit", async () => {
  const mine: Figure = {
    name: "test_models",
    help: "Models of the cycle by what they cost.",
    kind: "gauge",
    labels: ["model"],
    collect: (
      { models },
    ) => [...models.map(({ model, spend }) => [{ model }, spend] as const), [{ model: "new" }, null]],
  };
  const metrics = readExposition(await new MetricRegistry([...METRICS, mine]).text(seen()));
  assert.deepEqual(metrics.get("test_models"), {
    type: "gauge",
    help: "Models of the cycle by what they cost.",
    values: new Map([['model="opus"', 6_000_000], ['model="auto"', 4_000_000]]),
  });
});

Deno.test("durations count from the first one on, however many came before somebody asks", async () => {
  const registry = new MetricRegistry([WAITS]);
  for (let count = 0; count < 10_050; count++) registry.observe(WAITS, { what: "a" }, count % 2 === 0 ? 0.5 : 1.5);
  const counts = async () => readExposition(await registry.text(seen())).get("test_wait_seconds")?.values;
  const first = await counts();
  assert.deepEqual(
    ['_bucketwhat="a",le="1"', '_bucketwhat="a",le="2"', '_countwhat="a"', '_sumwhat="a"'].map((key) =>
      first?.get(key)
    ),
    [5_025, 10_050, 10_050, 10_050],
  );
  registry.observe(WAITS, { what: "a" }, 5);
  const second = await counts();
  assert.deepEqual([second?.get('_bucketwhat="a",le="2"'), second?.get('_countwhat="a"')], [10_050, 10_051]);
});
