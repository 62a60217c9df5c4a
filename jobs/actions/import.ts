import { TrackerError } from "../../domain/errors.ts";
import type { EventStore, MergeCounts } from "../../domain/events/event.ts";
import { timeSlices } from "../../domain/events/pages.ts";
import type { HistoryStore } from "../../domain/history/stored_cycle.ts";
import { type CsvEvents, readCsvEvents } from "../../domain/readers/csv.ts";
import type { CsvFault, CsvRecord, TableFiles } from "../../domain/tables/table.ts";

/** Events that are written in one transaction: others can write in between. */
const SLICE = 1_000;
/** Half of the work is reading, half is writing. */
const READING = 0.5;

/** What became of one file. */
export interface ImportedFile extends MergeCounts {
  readonly file: string;
  /** Whose export it is; null where it is none. */
  readonly origin: CsvEvents["origin"];
  /** Rows that were read. */
  readonly rows: number;
  readonly faults: readonly CsvFault[];
}

/** How files are imported. */
interface ImportOptions {
  readonly files: readonly string[];
  /** The account owner's own name in the files' User columns. */
  readonly self: string | null;
  /** One fault in any file, and nothing is written. */
  readonly isStrict: boolean;
  readonly signal: AbortSignal;
  /** Is told how far the work is, from 0 to 1, and what is done now. */
  readonly report: (part: number, doing: string) => void;
}

interface Parts {
  readonly tables: TableFiles;
  readonly events: EventStore;
  readonly history: Pick<HistoryStore, "rebuild">;
}

/**
 * Imports the events of CSV files, and works out all days with them. Rows that cannot be read are faults, the others are written, file by file. An import
 * that is interrupted can simply be repeated: what is known already changes nothing.
 * @throws TrackerError where a file cannot be opened, before anything is written.
 */
export async function importFiles(parts: Parts, options: ImportOptions): Promise<ImportedFile[]> {
  const { files, isStrict } = options;
  const sizes = await Promise.all(files.map((file) => parts.tables.size(file)));
  const total = Math.max(1, sizes.reduce((sum, size) => sum + size, 0)) * (isStrict ? 2 : 1);
  let before = 0;
  const partOf = (file: number, part: number) => (before + (sizes[file] ?? 0) * part) / total;
  const imported: ImportedFile[] = [];
  if (isStrict) {
    for (const [at, file] of files.entries()) {
      const report = (part: number) => options.report(partOf(at, part), `Checking ${file}`);
      imported.push({ ...NOTHING, ...await readFile(parts, { ...options, file, report }) });
      before += sizes[at] ?? 0;
    }
    if (imported.some(({ faults }) => faults.length > 0)) return imported;
  }
  const done: ImportedFile[] = [];
  try {
    for (const [at, file] of files.entries()) {
      const report = (part: number) => options.report(partOf(at, part), `Importing ${file}`);
      done.push(await importFile(parts, { ...options, file, report, bytes: sizes[at] ?? 0 }));
      before += sizes[at] ?? 0;
    }
  } finally {
    // Even where nothing was new: an import that was killed may have left its days undone.
    parts.history.rebuild();
  }
  return done;
}

const NOTHING: MergeCounts = { added: 0, updated: 0, known: 0 };

interface FileOptions extends Pick<ImportOptions, "self" | "signal"> {
  readonly file: string;
  readonly report: (part: number) => void;
}

async function importFile(parts: Parts, options: FileOptions & { bytes: number }): Promise<ImportedFile> {
  const { report, signal, bytes } = options;
  const reading = (read: number) => report(READING * Math.min(1, read / Math.max(1, bytes)));
  const { events, ...file } = await readFile(parts, { ...options, report: reading });
  let [added, updated, known] = [0, 0, 0];
  for (const slice of timeSlices(events, SLICE)) {
    await pause();
    stopIfAborted(signal);
    const counts = parts.events.merge(slice);
    added += counts.added;
    updated += counts.updated;
    known += counts.known;
    report(READING + (1 - READING) * (added + updated + known) / events.length);
  }
  return { ...file, added, updated, known };
}

type ReadFile = Omit<ImportedFile, keyof MergeCounts> & Pick<CsvEvents, "events">;

async function readFile({ tables }: Parts, { file, self, signal, report }: FileOptions): Promise<ReadFile> {
  const broken: CsvFault[] = [];
  const records = untilBroken(tables.readCsv(file, report), { file, broken, signal });
  const { events, faults, origin } = await readCsvEvents(records, { file, self });
  const wrong = origin === null && broken.length === 0 ? [wrongFile(file)] : [];
  return { file, origin, rows: events.length, events, faults: [...faults, ...broken, ...wrong] };
}

/** The records up to where the file stops being CSV, which is a fault of its own. */
async function* untilBroken(
  records: AsyncIterable<CsvRecord>,
  { file, broken, signal }: { file: string; broken: CsvFault[]; signal: AbortSignal },
): AsyncGenerator<CsvRecord, void> {
  let line = 0;
  try {
    for await (const record of records) {
      line = record.line;
      stopIfAborted(signal);
      yield record;
    }
  } catch (error) {
    if (!(error instanceof TrackerError) || signal.aborted) throw error;
    broken.push({ file, line: line + 1, what: error.message, hint: error.hint ?? "" });
  }
}

function wrongFile(file: string): CsvFault {
  return {
    file,
    line: 1,
    what: "The first line must be the header of an event export, and is none that is known.",
    hint: "Import the CSV of Cursor's usage page, or what 'tracker export events --format csv' wrote.",
  };
}

function stopIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new TrackerError("The import was interrupted", {
    hint: "Import the same files again: what was imported is kept, and counts once.",
  });
}

/** Lets the progress bar and Ctrl-C in. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
