import { MonthAggregator, type Rollup } from "../../domain/billing/aggregate.ts";
import { fileMonth } from "../../domain/billing/month.ts";
import type { FetchedMonth } from "../../domain/billing/ports.ts";
import { replaceFile, type Write } from "./atomic_file.ts";
import { headerFields, type MonthHeader } from "./month_header.ts";
import type { PageHead } from "./page_head.ts";

/** Where a month's file goes, and what it is made of. */
export interface AssembleOptions {
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
  await replaceFile(path, { temporary, isDurable: true }, async (write) => {
    const fields = headerFields(header).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)},\n`);
    await writeText(write, `{\n${fields.join("")}"events":[`);
    let separator = "\n";
    for (const page of pages) {
      const events = await page.events();
      if (events.length === 0) continue;
      await writeText(write, separator);
      await write(events);
      separator = ",\n";
    }
    await writeText(write, "\n]\n}\n");
  });
  return { header, rollup };
}

async function writeText(write: Write, text: string): Promise<void> {
  await write(new TextEncoder().encode(text));
}
