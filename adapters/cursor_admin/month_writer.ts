import { Ledger } from "../../domain/billing/ledger.ts";
import { fileMonth } from "../../domain/billing/month.ts";
import type { FetchedMonth } from "../../domain/billing/ports.ts";
import { replaceFile, type Write } from "./atomic_file.ts";
import { headerFields, type MonthHeader } from "./month_header.ts";
import type { StoredPage } from "./page_files.ts";

/** Where a month's file goes, and what it is made of. */
export interface AssembleOptions {
  readonly path: string;
  readonly temporary: string;
  /** Reads each page; pages are read twice, so that no two are in memory at once. */
  readonly pages: readonly (() => Promise<StoredPage>)[];
  readonly isComplete: boolean;
}

/** Writes a month's file from its pages: the header first, so that it can be read without the events. */
export async function assembleMonth(
  fetched: FetchedMonth,
  { path, temporary, pages, isComplete }: AssembleOptions,
): Promise<MonthHeader & { totalEvents: number }> {
  const ledger = new Ledger();
  for (const read of pages) (await read()).excluded.forEach((entry) => ledger.add(entry));
  const header = {
    month: fileMonth(fetched.month),
    fetchedAt: fetched.fetchedAt,
    totalEvents: fetched.pages.reduce((sum, page) => sum + page.billed, 0),
    isComplete,
    windows: fetched.windows,
    excluded: ledger.entries(),
  };
  await replaceFile(path, { temporary, isDurable: true }, async (write) => {
    const fields = headerFields(header).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)},\n`);
    await writeText(write, `{\n${fields.join("")}"events":[`);
    let separator = "\n";
    for (const read of pages) {
      const { events } = await read();
      if (events.length === 0) continue;
      await writeText(write, separator);
      await write(events);
      separator = ",\n";
    }
    await writeText(write, "\n]\n}\n");
  });
  return header;
}

async function writeText(write: Write, text: string): Promise<void> {
  await write(new TextEncoder().encode(text));
}
