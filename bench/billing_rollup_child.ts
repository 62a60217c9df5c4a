import { MonthFolder } from "../adapters/month_files/folder.ts";
import { PageFolder } from "../adapters/month_files/pages.ts";
import type { Log } from "../domain/log.ts";
import { rollupOf } from "../jobs/billing_rollup.ts";
import { answer, MONTH, peakMemoryMib } from "./billing_data.ts";

const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

// `deno run bench/billing_rollup_child.ts DIR rollup|parse`: the month file of DIR into a rollup, or only through JSON.parse.
if (import.meta.main) {
  const [dir = "", way = ""] = Deno.args;
  answer(way === "parse" ? await parse(dir) : await rollUp(dir));
}

async function rollUp(dir: string): Promise<Record<string, number>> {
  const months = new MonthFolder(dir, { pages: new PageFolder(dir), log });
  const signal = new AbortController().signal;
  const startedAt = performance.now();
  const file = await months.inspect(MONTH, { isThorough: false, signal });
  if (file === null) throw new Error("Cannot measure as the month's file is not taken for one");
  const rollup = await rollupOf(months, file, signal);
  return { ms: performance.now() - startedAt, events: rollup.events, peak_mib: peakMemoryMib() };
}

/** The text is there before the clock starts: only the parsing counts. */
async function parse(dir: string): Promise<Record<string, number>> {
  const text = await Deno.readTextFile(`${dir}/01-2026-usage-based-data.json`);
  const startedAt = performance.now();
  const { events } = JSON.parse(text);
  return { ms: performance.now() - startedAt, events: events.length, peak_mib: peakMemoryMib() };
}
