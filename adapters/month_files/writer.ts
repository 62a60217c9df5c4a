import { fileMonth } from "../../domain/billing/month.ts";
import type { FetchedMonth } from "../../domain/billing/month_files.ts";
import { MonthAggregator, type Rollup } from "../../domain/billing/rollup.ts";
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

/** Gets a file's bytes, some at a time. */
type Write = (bytes: Uint8Array) => Promise<void>;

/** How a file is replaced. */
interface ReplaceOptions {
  /** Where it is written first; in the same file system. */
  readonly temporary: string;
  /** Whether it must survive a power failure, and not only the end of the process. */
  readonly isDurable: boolean;
}

/** Writes the file whole or not at all: whoever reads `path` sees the old file or the new one. */
async function replaceFile(
  path: string,
  options: ReplaceOptions,
  write: (write: Write) => Promise<void>,
): Promise<void> {
  const { temporary, isDurable } = options;
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await Deno.mkdir(dirname(temporary), { recursive: true, mode: 0o700 });
  {
    using file = await Deno.open(temporary, { write: true, create: true, truncate: true, mode: 0o600 });
    await write((bytes) => writeAll(file, bytes));
    if (isDurable) await file.sync();
  }
  await Deno.rename(temporary, path);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}
