import { monthWindows } from "../domain/billing/month.ts";
import type { BenchContext, BenchResult } from "./benchmark.ts";
import { inChild, KEY, MONTH } from "./billing_data.ts";
import { cpuMs, median, timed } from "./statistics.ts";

const EVENTS = 100_000;
const PAGE_SIZE = 1_000;
const ROUNDS = 5;
const GOAL_SECONDS = 0.75;

/**
 * 100,000 events fetched into a month file and the rollups, beyond what the same requests take whose answers are only
 * received. Requests and fetch take turns; the medians are compared. Where other programs keep the machine busy, the
 * processor's time in the details tells more: it counts all threads of the process.
 */
export async function benchBillingFetch({ dir }: BenchContext): Promise<BenchResult> {
  const sim = await startSim();
  try {
    const requestMs: number[] = [];
    const fetchMs: number[] = [];
    const requestCpuMs: number[] = [];
    const fetchCpuMs: number[] = [];
    let details: Record<string, number> = {};
    for (let round = 0; round < ROUNDS; round++) {
      const cpuBefore = cpuMs();
      requestMs.push(await timed(() => requestAll(sim.url)));
      requestCpuMs.push(cpuMs() - cpuBefore);
      const folder = `${dir}/billing-fetch-${round}`;
      details = await inChild("./billing_fetch_child.ts", sim.url, folder, String(PAGE_SIZE));
      fetchMs.push(details["ms"] ?? NaN);
      fetchCpuMs.push(details["cpu_ms"] ?? NaN);
      await Deno.remove(folder, { recursive: true });
    }
    return {
      name: "billing fetch",
      value: (median(fetchMs) - median(requestMs)) / 1_000,
      goal: GOAL_SECONDS,
      unit: "s beyond the requests",
      note: `${EVENTS} events in pages of ${PAGE_SIZE} into a month file and the rollups, each page a remembered step`,
      details: {
        fetch_ms: median(fetchMs),
        requests_ms: median(requestMs),
        fetch_cpu_ms: median(fetchCpuMs),
        requests_cpu_ms: median(requestCpuMs),
        billed_events: details["requests"] ?? NaN,
        peak_mib: details["peak_mib"] ?? NaN,
        rounds: ROUNDS,
      },
    };
  } finally {
    await sim.stop();
  }
}

async function startSim(): Promise<{ url: string; stop(): Promise<void> }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--quiet", new URL("./billing_sim.ts", import.meta.url).pathname, String(EVENTS)],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  return {
    url: `http://127.0.0.1:${value?.trim()}`,
    async stop() {
      child.kill();
      await reader.cancel();
      await child.status;
    },
  };
}

/** Every page of the month one after another, received but not read. */
async function requestAll(url: string): Promise<void> {
  for (const { startMs, endMs } of monthWindows(MONTH)) {
    for (let page = 1, rest = true; rest; page++) {
      const response = await fetch(`${url}/teams/filtered-usage-events`, {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`${KEY}:`)}`, "content-type": "application/json" },
        body: JSON.stringify({ startDate: startMs, endDate: endMs, page, pageSize: PAGE_SIZE }),
      });
      const text = await response.text();
      rest = text.includes(`"hasNextPage":true`);
    }
  }
}
