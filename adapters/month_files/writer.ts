import { fileMonth } from "../../domain/billing/month.ts";
import type { FetchedMonth } from "../../domain/billing/month_files.ts";
import { MonthAggregator, type Rollup } from "../../domain/billing/rollup.ts";
import { replaceFile, writeAll } from "../files/files.ts";
import { headerFields, type MonthHeader } from "./header.ts";
import type { PageHead } from "./pages.ts";
import { dirname } from "node:path";

/** Where a month's file goes, and what it is made of. */
interface AssembleOptions {
  readonly path: string;
  readonly temporary: string;
  /** All heads are read first, then all events, so that no two pages are in memory at once. */
  readonly pages: readonly { head(): Promise<PageHead>; events(): Promise<Uint8Array> }[];
  readonly isComplete: boolean;
}

/** Writes a month's file from its pages: the header first, so that it can be read without the events. */
export async function assembleMonth(
  fetched: FetchedMonth,
  { path, temporary, pages, isComplete }: AssembleOptions,
): Promise<{ header: MonthHeader & { totalEvents: number }; rollup: Rollup }> {
  const aggregator = new MonthAggregator(fetched.month);
  for (const page of pages) aggregator.addPart(await page.head());
  const rollup = aggregator.result();
  const header = {
    month: fileMonth(fetched.month),
    fetchedAt: fetched.fetchedAt,
    totalEvents: fetched.pages.reduce((sum, page) => sum + page.billed, 0),
    isComplete,
    windows: fetched.windows,
    excluded: rollup.excluded,
  };
  for (const folder of [dirname(path), dirname(temporary)]) await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  await replaceFile(path, async (file) => {
    const fields = headerFields(header).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)},\n`);
    await writeText(file, `{\n${fields.join("")}"events":[`);
    let separator = "\n";
    for (const page of pages) {
      const events = await page.events();
      if (events.length === 0) continue;
      await writeText(file, separator);
      await writeAll(file, events);
      separator = ",\n";
    }
    await writeText(file, "\n]\n}\n");
  }, { partial: temporary });
  return { header, rollup };
}

async function writeText(file: Deno.FsFile, text: string): Promise<void> {
  await writeAll(file, new TextEncoder().encode(text));
}
