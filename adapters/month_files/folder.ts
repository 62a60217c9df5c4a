import { fileMonth, isComplete, isSettled, parseFileMonth } from "../../domain/billing/month.ts";
import type { FetchedMonth, MonthFile, MonthFiles } from "../../domain/billing/month_files.ts";
import type { Rollup } from "../../domain/billing/rollup.ts";
import { messageOf, TrackerError } from "../../domain/errors.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { Log } from "../../domain/log.ts";
import { entriesIn, isMissing, nullIfMissing, renameDurably, unusedPath } from "../files/files.ts";
import { DamagedFile } from "./any_json.ts";
import type { MonthHeader } from "./header.ts";
import type { PageFolder } from "./pages.ts";
import { readMonth, readMonthHeader } from "./reader.ts";
import { assembleMonth } from "./writer.ts";
import { join } from "node:path";

const SUFFIX = "-usage-based-data.json";

/** Month files in a folder: `01-2026-usage-based-data.json`. */
export class MonthFolder implements MonthFiles {
  readonly #folder: string;
  readonly #pages: PageFolder;
  readonly #log: Log;

  /** `folder` is DATA_DIR/monthly_usage_data; `pages` keeps its pages in the same one. */
  constructor(folder: string, { pages, log }: { pages: PageFolder; log: Log }) {
    this.#folder = folder;
    this.#pages = pages;
    this.#log = log;
  }

  list(): Promise<Temporal.PlainYearMonth[]> {
    const months: Temporal.PlainYearMonth[] = [];
    for (const { name, isFile } of entriesIn(this.#folder)) {
      const month = isFile && name.endsWith(SUFFIX) ? parseFileMonth(name.slice(0, -SUFFIX.length)) : null;
      if (month !== null) months.push(month);
    }
    return Promise.resolve(months.sort(Temporal.PlainYearMonth.compare));
  }

  async inspect(
    month: Temporal.PlainYearMonth,
    options: { isThorough: boolean; signal: AbortSignal },
  ): Promise<MonthFile | null> {
    const path = this.#pathOf(month);
    try {
      const fileId = await fileIdOf(path);
      if (fileId === null) return null;
      const header = await this.#headerOf(month, options);
      return { ...describe(month, header), month, fileId, windows: header.windows, excluded: header.excluded };
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      this.#setAside(path, error.message);
      return null;
    }
  }

  async *events(
    month: Temporal.PlainYearMonth,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<readonly JsonObject[]> {
    try {
      for await (const part of readMonth(this.#pathOf(month), { month: fileMonth(month), signal })) {
        if (part.kind === "events") yield part.events;
      }
    } catch (error) {
      if (!(error instanceof DamagedFile || isMissing(error))) throw error;
      throw new TrackerError(`Cannot read the month file "${this.#pathOf(month)}": ${messageOf(error)}`, {
        hint: `Fetch the month again with \`tracker billing fetch --force ${fileMonth(month)}\`.`,
        cause: error,
      });
    }
  }

  async assemble(runId: number, fetched: FetchedMonth): Promise<{ file: MonthFile; rollup: Rollup }> {
    const path = this.#pathOf(fetched.month);
    const { header, rollup } = await assembleMonth(fetched, {
      path,
      temporary: join(this.#pages.folderOf(runId), `${fileMonth(fetched.month)}.tmp`),
      pages: fetched.pages.map((page) => (
        { head: () => this.#pages.head(runId, page), events: () => this.#pages.events(runId, page) }
      )),
      isComplete: isComplete(fetched.month, fetched),
    });
    const fileId = await fileIdOf(path);
    if (fileId === null) throw new TrackerError(`Cannot find "${path}" right after it was written`);
    const { windows, excluded } = header;
    const file = { ...describe(fetched.month, header), month: fetched.month, fileId, windows, excluded };
    return { file, rollup };
  }

  async #headerOf(
    month: Temporal.PlainYearMonth,
    { isThorough, signal }: { isThorough: boolean; signal: AbortSignal },
  ): Promise<MonthHeader & { totalEvents: number }> {
    const source = { month: fileMonth(month), signal };
    const header = isThorough ? null : await readMonthHeader(this.#pathOf(month), source);
    if (header !== null) return header;
    for await (const part of readMonth(this.#pathOf(month), source)) {
      if (part.kind === "header") return part.header;
    }
    throw new DamagedFile("it has no header");
  }

  #setAside(path: string, reason: string): void {
    const target = unusedPath(`${path}.damaged`);
    renameDurably(path, target);
    this.#log.warn("billing.month_file_set_aside", { file: path, moved_to: target, reason });
  }

  #pathOf(month: Temporal.PlainYearMonth): string {
    return join(this.#folder, `${fileMonth(month)}${SUFFIX}`);
  }
}

/** Another tool's file counts as complete where it holds what it says, and was fetched after the month had settled. */
function describe(month: Temporal.PlainYearMonth, header: MonthHeader & { totalEvents: number }) {
  const isForeignComplete = header.fetchedAt !== null && isSettled(month, header.fetchedAt);
  return {
    fetchedAt: header.fetchedAt,
    events: header.totalEvents,
    isComplete: header.isComplete ?? isForeignComplete,
    isOurs: header.isComplete !== null,
  };
}

async function fileIdOf(path: string): Promise<string | null> {
  const info = await Deno.stat(path).catch(nullIfMissing);
  return info === null ? null : `${info.size}-${info.mtime?.getTime() ?? 0}`;
}
