import { loadConfig } from "../adapters/config/config.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { sleep } from "../adapters/system/timer.ts";
import { fillHistory, logInToSim } from "../compose/demo.ts";
import { openServices } from "../compose/services.ts";
import { type CursorSim, startCursorSim } from "../fixtures/cursor_sim/server.ts";
import type { BenchContext, BenchResult } from "./benchmark.ts";
import { compiled, fromSource, startServer } from "./server_process.ts";

const HISTORY_DAYS = 92;
const GOAL = 120;
const SCRAPE_LIMIT_MS = 60_000;
/** Memory has settled when it moved by less than this over so many samples. */
const SETTLED_MIB = 1;
const SETTLED_SAMPLES = 5;
const SAMPLE_MS = 500;
const MAX_SAMPLES = 60;

/**
 * Resident memory of an idle server over three months of history, once a page and /api/models were loaded: at first with
 * the scrape behind it that was due at its start (and the browser closed again), then started anew with nothing due.
 */
export async function benchMemory(context: BenchContext): Promise<BenchResult> {
  if (Deno.build.os !== "linux") throw new Error("Resident memory is read from /proc, which only Linux has");
  const sim = startCursorSim({ seed: 7, clock: systemClock });
  const dataDir = `${context.dir}/memory`;
  try {
    await fill(sim, { context, dataDir });
    await logInToSim({ browserPath: context.browserPath, profileDir: `${dataDir}/profile`, sim });
    const scraped = await measure(sim, { context, dataDir, scrapes: true });
    const shown = await measure(sim, { context, dataDir, scrapes: false });
    return {
      name: "memory",
      value: scraped.total,
      goal: GOAL,
      unit: "MiB",
      note: `VmRSS of the idle ${context.binary === null ? "deno run" : "compiled"} server after a scrape and a page`,
      details: {
        scraped_mib: scraped.total,
        scraped_private_mib: scraped.private,
        only_shown_mib: shown.total,
        only_shown_private_mib: shown.private,
        history_days: HISTORY_DAYS,
      },
    };
  } finally {
    await sim.stop();
  }
}

async function fill(sim: CursorSim, { context, dataDir }: { context: BenchContext; dataDir: string }): Promise<void> {
  const env = { DATA_DIR: dataDir, LOG_LEVEL: "error" };
  const services = openServices(loadConfig({ env, workingDir: context.dir }), {
    echo: { level: "error", write: () => {} },
  });
  try {
    const signal = new AbortController().signal;
    await fillHistory({ services, history: sim.history, days: HISTORY_DAYS, say: () => {}, signal });
  } finally {
    await services.close();
  }
}

/** Mebibytes: all that is resident, and the part that no file backs. */
interface Resident {
  readonly total: number;
  readonly private: number;
}

async function measure(
  sim: CursorSim,
  { context, dataDir, scrapes }: { context: BenchContext; dataDir: string; scrapes: boolean },
): Promise<Resident> {
  const program = context.binary === null ? fromSource() : compiled(context.binary);
  const startedAt = systemClock.now();
  const server = await startServer(program, { context, dataDir, env: { CURSOR_USAGE_URL: sim.usageUrl } });
  try {
    if (scrapes) await untilScraped(server.origin, startedAt);
    for (const path of ["/", "/api/models"]) {
      const answer = await fetch(server.origin + path);
      await answer.text();
      if (!answer.ok) throw new Error(`${path} must answer 200: it answered ${answer.status}`);
    }
    return await settled(server.pid);
  } finally {
    await server.stop();
  }
}

async function untilScraped(origin: string, startedAt: Temporal.Instant): Promise<void> {
  const givenUpAt = performance.now() + SCRAPE_LIMIT_MS;
  while (performance.now() < givenUpAt) {
    const cycle: unknown = await (await fetch(`${origin}/api/cycle`)).json();
    if (lastCheck(cycle) >= startedAt.epochMilliseconds) return;
    await sleep(SAMPLE_MS);
  }
  throw new Error(`The scrape that is due at start must end within ${SCRAPE_LIMIT_MS / 1000} s: it did not`);
}

function lastCheck(cycle: unknown): number {
  const at = typeof cycle === "object" && cycle !== null && "last_checked_at" in cycle ? cycle.last_checked_at : null;
  return typeof at === "string" ? Temporal.Instant.from(at).epochMilliseconds : 0;
}

async function settled(pid: number): Promise<Resident> {
  const samples: Resident[] = [];
  while (samples.length < MAX_SAMPLES) {
    samples.push(residentOf(pid));
    const totals = samples.slice(-SETTLED_SAMPLES).map(({ total }) => total);
    if (totals.length === SETTLED_SAMPLES && Math.max(...totals) - Math.min(...totals) < SETTLED_MIB) break;
    await sleep(SAMPLE_MS);
  }
  return samples.at(-1) ?? residentOf(pid);
}

function residentOf(pid: number): Resident {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const mebibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
  return { total: mebibytes("VmRSS"), private: mebibytes("RssAnon") };
}
