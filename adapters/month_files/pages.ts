import type { NewPage, PageFiles, SavedPage } from "../../domain/billing/month_files.ts";
import type { Rollup, RollupRow } from "../../domain/billing/rollup.ts";
import { TrackerError } from "../../domain/errors.ts";
import { micros } from "../../domain/money.ts";
import { entriesIn, ifThere, isMissing, nullIfMissing, replaceFileSync } from "../files/files.ts";
import { LedgerJson } from "./header.ts";
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

const LINE_FEED = 0x0a;
const HEAD_CHUNK_BYTES = 1 << 16;

/**
 * Pages of months that are being fetched: `.partial/run-7/01-2026-w1-r1-p0037.page`. The first line says what the page
 * was rolled up to, the others are its billed events. Not synced: a page that a power failure loses is found by its
 * SHA-256, and its window is read again.
 */
export class PageFolder implements PageFiles {
  readonly #folder: string;
  /** How long the files are that this process wrote: only another's can have been lost with the power. */
  readonly #written = new Map<string, number>();

  /** `folder` is DATA_DIR/monthly_usage_data. */
  constructor(folder: string) {
    this.#folder = join(folder, ".partial");
  }

  /** Written at once: for less than a megabyte, to wait for another thread takes longer than to write. */
  save(runId: number, { name, billed, rollup }: NewPage): Promise<SavedPage> {
    return Promise.try(() => {
      const file = `${name}.page`;
      const path = join(this.folderOf(runId), file);
      const events = billed.map((event) => JSON.stringify(event)).join(",\n");
      const bytes = new TextEncoder().encode(`${headText(rollup)}\n${events}`);
      this.#write(path, bytes);
      this.#written.set(path, bytes.length);
      return { file, sha256: sha256(bytes), events: rollup.events, billed: billed.length };
    });
  }

  async areWhole(runId: number, pages: readonly SavedPage[]): Promise<boolean> {
    for (const page of pages) {
      const path = join(this.folderOf(runId), page.file);
      const written = this.#written.get(path);
      const isWhole = written === undefined
        ? await wholeBytes(path, page) !== null
        : ifThere(() => Deno.statSync(path))?.size === written;
      if (!isWhole) return false;
    }
    return true;
  }

  async discard(runId: number): Promise<void> {
    const folder = this.folderOf(runId);
    await rm(folder, { recursive: true, force: true });
    for (const path of this.#written.keys()) {
      if (path.startsWith(join(folder, "/"))) this.#written.delete(path);
    }
  }

  async prune(runId: number, before: Temporal.Instant): Promise<void> {
    for (const { name, isDirectory } of entriesIn(this.#folder)) {
      if (!isDirectory) continue;
      const folder = join(this.#folder, name);
      const { mtime } = await Deno.stat(folder);
      const isOld = mtime !== null && mtime.getTime() < before.epochMilliseconds;
      if (isOld && folder !== this.folderOf(runId)) await rm(folder, { recursive: true, force: true });
    }
  }

  /** What the page was rolled up to; `events` tells whether that can be believed. @throws TrackerError where it is gone. */
  async head(runId: number, page: SavedPage): Promise<PageHead> {
    try {
      return parseHead(await firstLine(join(this.folderOf(runId), page.file)));
    } catch (cause) {
      throw damaged(page, cause);
    }
  }

  /**
   * The billed events as JSON, with a comma and a line feed between two; empty without any.
   * @throws TrackerError where the page is gone, or any of it is not what `save` wrote.
   */
  async events(runId: number, page: SavedPage): Promise<Uint8Array> {
    const bytes = await wholeBytes(join(this.folderOf(runId), page.file), page);
    if (bytes === null) throw damaged(page);
    return bytes.subarray(bytes.indexOf(LINE_FEED) + 1);
  }

  /** The folder of the run's pages, for its other temporary files too. */
  folderOf(runId: number): string {
    return join(this.#folder, `run-${runId}`);
  }

  /** Whole or not at all. */
  #write(path: string, bytes: Uint8Array): void {
    const write = () => replaceFileSync(path, bytes, { isDurable: false, partial: `${path}.tmp` });
    try {
      write();
    } catch (error) {
      if (!isMissing(error)) throw error;
      Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      write();
    }
  }
}

function damaged(page: SavedPage, cause?: unknown): TrackerError {
  return new TrackerError(`Cannot put the month together as the fetched page "${page.file}" is missing or damaged`, {
    hint: "Start a new fetch with `tracker billing fetch`.",
    cause,
  });
}

/** Null where the file is missing or is not what was saved. */
async function wholeBytes(path: string, page: SavedPage): Promise<Uint8Array | null> {
  const bytes = await Deno.readFile(path).catch(nullIfMissing);
  return bytes !== null && sha256(bytes) === page.sha256 ? bytes : null;
}

/** Everything before the first line feed. */
async function firstLine(path: string): Promise<string> {
  using file = await Deno.open(path);
  const decoder = new TextDecoder();
  let text = "";
  for (const chunk = new Uint8Array(HEAD_CHUNK_BYTES);;) {
    const read = file.readSync(chunk);
    const bytes = chunk.subarray(0, read ?? 0);
    const end = bytes.indexOf(LINE_FEED);
    text += decoder.decode(end < 0 ? bytes : bytes.subarray(0, end), { stream: end < 0 });
    if (end >= 0 || read === null) return text;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What a page's events are rolled up to: the first line of its file. */
export type PageHead = Pick<Rollup, "rows" | "excluded">;

/** Month, user, model, micro-dollars, requests, and the tokens of the four types. */
type RowJson = [string, string, string, number, number, number, number, number, number];

const TEXTS = 3;
const COLUMNS = 9;
/** One test for all rows: one for each cell took longer than rolling the page up. */
const RowsJson = z.custom<RowJson[]>((value) => Array.isArray(value) && value.every(isRow), "must be rows of a rollup");
const HeadJson = z.object({ excluded: LedgerJson, rows: RowsJson });

/** One line, without its end. */
function headText({ excluded, rows }: PageHead): string {
  return JSON.stringify({ excluded, rows: rows.map(rowJson) });
}

/** @throws ZodError or SyntaxError where the text is no head. */
function parseHead(text: string): PageHead {
  const { excluded, rows } = HeadJson.parse(JSON.parse(text));
  return { excluded, rows: rows.map(readRow) };
}

function rowJson({ month, user, model, micros, requests, tokens }: RollupRow): RowJson {
  const { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output } = tokens;
  return [month, user, model, micros, requests, inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output];
}

function readRow(row: RowJson): RollupRow {
  const [month, user, model, amount, requests, inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output] = row;
  const total = inputWithCacheWrite + inputWithoutCacheWrite + cacheRead + output;
  const tokens = { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total };
  return { month, user, model, micros: micros(amount), requests, tokens };
}

function isRow(row: unknown): row is RowJson {
  if (!Array.isArray(row) || row.length !== COLUMNS) return false;
  return row.every((cell, at) => at < TEXTS ? typeof cell === "string" : Number.isSafeInteger(cell));
}
