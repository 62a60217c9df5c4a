import { findOrInstallBrowser } from "../adapters/browser/install_browser.ts";
import { messageOf } from "../domain/errors.ts";
import { compile } from "../tools/compile_binary.ts";
import { formatTable } from "../ui/cli/output.ts";
import type { BenchContext, Benchmark, BenchResult } from "./benchmark.ts";
import { benchBillingFetch } from "./billing_fetch.ts";
import { benchBillingReport } from "./billing_report.ts";
import { benchBillingRollup } from "./billing_rollup.ts";
import { benchDashboardLoad, benchDashboardRate } from "./dashboard.ts";
import { benchHistory } from "./history.ts";
import { benchMemory } from "./memory.ts";
import { benchRememberedStep } from "./remembered_step.ts";
import { benchScrape } from "./scrape.ts";
import { benchStart } from "./start.ts";
import { rounded } from "./statistics.ts";
import { benchStoreSnapshot } from "./store_snapshot.ts";

/** Every benchmark; a new one is one file and one line here. */
const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  scrape: benchScrape,
  store_snapshot: benchStoreSnapshot,
  remembered_step: benchRememberedStep,
  start: benchStart,
  memory: benchMemory,
  history: benchHistory,
  dashboard_load: benchDashboardLoad,
  dashboard_rate: benchDashboardRate,
  billing_fetch: benchBillingFetch,
  billing_rollup: benchBillingRollup,
  billing_report: benchBillingReport,
};

const ARTIFACT = new URL("../artifacts/bench.json", import.meta.url);

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));

// `deno task bench [NAME…]`: measures all, or those named; prints a table and writes artifacts/bench.json. A missed goal
// is a result; only what could not be measured makes it fail.
if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !Object.hasOwn(BENCHMARKS, name));
  if (unknown !== undefined) {
    say(`A benchmark must be one of ${Object.keys(BENCHMARKS).join(", ")}: "${unknown}" is none`);
    return 2;
  }
  const chosen = Object.entries(BENCHMARKS).filter(([name]) => names.length === 0 || names.includes(name));
  const dir = await Deno.makeTempDir({ prefix: "tracker-bench-" });
  try {
    const context = await prepare(dir);
    const results: BenchResult[] = [];
    for (const [name, benchmark] of chosen) {
      say(`Measuring ${name}…`);
      results.push(await measure(name, { benchmark, context }));
    }
    say(`\n${tableOf(results)}`);
    write(results);
    return results.every(({ value }) => value !== null) ? 0 : 1;
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function prepare(dir: string): Promise<BenchContext> {
  const browserPath = await findOrInstallBrowser({ say, browserPath: Deno.env.get("BROWSER_PATH") ?? null });
  say("Compiling…");
  const output = `${dir}/tracker`;
  return { dir, browserPath, binary: (await compile({ output, quiet: true })).success ? output : null };
}

async function measure(
  name: string,
  { benchmark, context }: { benchmark: Benchmark; context: BenchContext },
): Promise<BenchResult> {
  try {
    return await benchmark(context);
  } catch (error) {
    return { name, value: null, goal: null, unit: "", note: messageOf(error), details: {} };
  }
}

function tableOf(results: readonly BenchResult[]): string {
  const cells = results.map(({ name, value, goal, unit, details }) => [
    name,
    value === null ? "–" : String(rounded(value)),
    goal === null ? "–" : `≤ ${rounded(goal)}`,
    unit,
    verdictOf({ value, goal }),
    Object.entries(details).map(([key, detail]) => `${key} ${rounded(detail)}`).join(", "),
  ]);
  const notes = results.map(({ name, note }) => `${name}: ${note}`).join("\n");
  return `${
    formatTable(["benchmark", "measured", "goal", "unit", "", "details"], cells, { right: [1, 2] })
  }\n${notes}\n`;
}

function verdictOf({ value, goal }: Pick<BenchResult, "value" | "goal">): "pass" | "miss" | "not measured" {
  if (value === null || goal === null) return "not measured";
  return value <= goal ? "pass" : "miss";
}

function write(results: readonly BenchResult[]): void {
  const report = {
    measured_at: Temporal.Now.instant().toString({ smallestUnit: "second" }),
    machine: {
      os: Deno.build.os,
      arch: Deno.build.arch,
      cores: navigator.hardwareConcurrency,
      deno: Deno.version.deno,
    },
    results: results.map(({ value, ...rest }) => ({ ...rest, value, verdict: verdictOf({ value, goal: rest.goal }) })),
  };
  Deno.mkdirSync(new URL(".", ARTIFACT), { recursive: true });
  Deno.writeTextFileSync(ARTIFACT, `${JSON.stringify(report, null, 2)}\n`);
}
