import { join } from "node:path";
import type { PageContent, PageFiles, SavedPage } from "../../domain/billing/ports.ts";
import type { LedgerEntry } from "../../domain/billing/ledger.ts";
import { TrackerError } from "../../domain/errors.ts";
import { replaceFile } from "./atomic_file.ts";
import { parseLedger } from "./month_header.ts";

const LINE_FEED = 0x0a;

/** A page as it is put into a month's file. */
export interface StoredPage {
  readonly excluded: readonly LedgerEntry[];
  /** The billed events as JSON, with a comma and a line feed between two; empty without any. */
  readonly events: Uint8Array;
}

/**
 * Pages of months that are being fetched: `.partial/run-7/01-2026-w1-r1-p0037.page`. The first line is the page's
 * ledger, the others are its billed events. Not synced: a page that a power failure loses is found by its SHA-256, and
 * its window is read again.
 */
export class PageFolder implements PageFiles {
  readonly #folder: string;

  /** `folder` is DATA_DIR/monthly_usage_data. */
  constructor(folder: string) {
    this.#folder = join(folder, ".partial");
  }

  async save(runId: number, page: PageContent): Promise<SavedPage> {
    const file = `${page.name}.page`;
    const path = join(this.folderOf(runId), file);
    const events = page.billed.map((event) => JSON.stringify(event)).join(",\n");
    const bytes = new TextEncoder().encode(`${JSON.stringify(page.excluded)}\n${events}`);
    await replaceFile(path, { temporary: `${path}.tmp`, isDurable: false }, (write) => write(bytes));
    const excluded = page.excluded.reduce((sum, entry) => sum + entry.events, 0);
    return { file, sha256: await sha256(bytes), events: page.billed.length + excluded, billed: page.billed.length };
  }

  async areWhole(runId: number, pages: readonly SavedPage[]): Promise<boolean> {
    for (const page of pages) {
      if (await this.#bytes(runId, page) === null) return false;
    }
    return true;
  }

  async discard(runId: number): Promise<void> {
    await removeFolder(this.folderOf(runId));
  }

  async prune(runId: number, before: Temporal.Instant): Promise<void> {
    for (const entry of await foldersIn(this.#folder)) {
      const folder = join(this.#folder, entry);
      const { mtime } = await Deno.stat(folder);
      const isOld = mtime !== null && mtime.getTime() < before.epochMilliseconds;
      if (isOld && folder !== this.folderOf(runId)) await removeFolder(folder);
    }
  }

  /** What `save` wrote. @throws TrackerError where it is gone or damaged. */
  async read(runId: number, page: SavedPage): Promise<StoredPage> {
    const bytes = await this.#bytes(runId, page);
    if (bytes === null) {
      throw new TrackerError(`Cannot put the month together as the fetched page "${page.file}" is missing or damaged`, {
        hint: "Start a new fetch with `tracker billing fetch`.",
      });
    }
    const end = bytes.indexOf(LINE_FEED);
    const ledger = parseLedger(JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))));
    return { excluded: ledger, events: bytes.subarray(end + 1) };
  }

  /** The folder of the run's pages, for its other temporary files too. */
  folderOf(runId: number): string {
    return join(this.#folder, `run-${runId}`);
  }

  /** Null where the file is missing or is not what was saved. */
  async #bytes(runId: number, page: SavedPage): Promise<Uint8Array | null> {
    try {
      const bytes = await Deno.readFile(join(this.folderOf(runId), page.file));
      return await sha256(bytes) === page.sha256 ? bytes : null;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(digest).toHex();
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter((entry) => entry.isDirectory).map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
