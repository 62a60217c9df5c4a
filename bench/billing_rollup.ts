import type { BenchContext, BenchResult } from "./benchmark.ts";
import { inChild, monthEvents } from "./billing_data.ts";
import { median } from "./statistics.ts";

const EVENTS = 1_000_000;
const CHUNK = 50_000;
const ROUNDS = 3;
const GOAL = 1.5;

/**
 * A month file of a million events into its rollup, against JSON.parse of the same bytes that is given the whole text.
 * Each in a process of its own, in turn; the medians are compared.
 */
export async function benchBillingRollup({ dir }: BenchContext): Promise<BenchResult> {
  const folder = `${dir}/billing-rollup`;
  const bytes = await writeMonth(folder);
  const rollUpMs: number[] = [];
  const parseMs: number[] = [];
  let [rollUp, parse]: Record<string, number>[] = [{}, {}];
  for (let round = 0; round < ROUNDS; round++) {
    parse = await inChild("./billing_rollup_child.ts", folder, "parse");
    rollUp = await inChild("./billing_rollup_child.ts", folder, "rollup");
    parseMs.push(parse["ms"] ?? NaN);
    rollUpMs.push(rollUp["ms"] ?? NaN);
  }
  await Deno.remove(folder, { recursive: true });
  return {
    name: "billing rollup",
    value: median(rollUpMs) / median(parseMs),
    goal: GOAL,
    unit: "× JSON.parse",
    note: `${EVENTS} events from their month file to the rollup, against JSON.parse of the same text`,
    details: {
      rollup_ms: median(rollUpMs),
      parse_ms: median(parseMs),
      file_mib: bytes / 1024 / 1024,
      rollup_peak_mib: rollUp?.["peak_mib"] ?? NaN,
      parse_peak_mib: parse?.["peak_mib"] ?? NaN,
      rounds: ROUNDS,
    },
  };
}

/** A complete month as the product writes it, without what is not billed; the same 50,000 events over and over. */
async function writeMonth(folder: string): Promise<number> {
  await Deno.mkdir(folder, { recursive: true });
  const path = `${folder}/01-2026-usage-based-data.json`;
  const billed = monthEvents(2 * CHUNK).filter(({ raw }) => raw["kind"] === "Usage-based").slice(0, CHUNK);
  const chunk = new TextEncoder().encode(billed.map(({ raw }) => JSON.stringify(raw)).join(",\n"));
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  const head = `{\n"month":"01-2026",\n"fetched_at":"2026-03-20T12:00:00Z",\n"total_events":${EVENTS},\n` +
    `"complete":true,\n"windows":[],\n"excluded":[],\n"events":[\n`;
  await writer.write(new TextEncoder().encode(head));
  for (let written = 0; written < EVENTS; written += CHUNK) {
    if (written > 0) await writer.write(new TextEncoder().encode(",\n"));
    await writer.write(chunk);
  }
  await writer.write(new TextEncoder().encode("\n]\n}\n"));
  await writer.close();
  return (await Deno.stat(path)).size;
}
