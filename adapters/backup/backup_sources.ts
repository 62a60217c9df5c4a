import { createHash } from "node:crypto";
import {
  type BackupEntry,
  DATABASE_ENTRY,
  isMonthFile,
  MONTHS_FOLDER,
  SETTINGS_ENTRY,
} from "../../domain/backup/manifest.ts";
import { messageOf, TrackerError } from "../../domain/errors.ts";

const CHUNK_BYTES = 256 * 1024;

/** A file that goes into a backup. Held open: files are replaced by renames, so its bytes stay what they were. */
export interface Source extends Disposable {
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** The bytes from the start. */
  read(signal: AbortSignal): AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** Opens all files of a backup; `database` is a copy that nobody writes to. Dispose of each. */
export function openSources(
  { dataDir, database, configFile }: { dataDir: string; database: string; configFile: string | null },
): Source[] {
  const sources: Source[] = [];
  try {
    sources.push(openSource(DATABASE_ENTRY, database));
    if (configFile !== null) sources.push(openSource(SETTINGS_ENTRY, configFile));
    const folder = `${dataDir}/${MONTHS_FOLDER}`;
    for (const name of monthFilesIn(folder)) {
      sources.push(openSource(`${MONTHS_FOLDER}/${name}`, `${folder}/${name}`));
    }
    return sources;
  } catch (error) {
    for (const source of sources) source[Symbol.dispose]();
    throw error;
  }
}

/** Reads the whole file for its hash. */
export async function describeSource(
  source: Source,
  { signal, onBytes }: { signal: AbortSignal; onBytes: (count: number) => void },
): Promise<BackupEntry> {
  const hash = createHash("sha256");
  for await (const chunk of source.read(signal)) {
    hash.update(chunk);
    onBytes(chunk.length);
  }
  return { name: source.name, size: source.size, sha256: hash.digest("hex") };
}

function openSource(name: string, path: string): Source {
  const file = open(path);
  const { size, mtime } = file.statSync();
  return {
    name,
    size,
    modifiedMs: mtime?.getTime() ?? 0,
    async *read(signal) {
      await file.seek(0, Deno.SeekMode.Start);
      while (true) {
        signal.throwIfAborted();
        const chunk = new Uint8Array(CHUNK_BYTES);
        const count = await file.read(chunk);
        if (count === null) return;
        yield chunk.subarray(0, count);
      }
    },
    [Symbol.dispose]: () => file.close(),
  };
}

function open(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path);
  } catch (error) {
    throw new TrackerError(`Cannot back up "${path}": ${messageOf(error)}`, {
      hint: "Check that this user may read it.",
      cause: error,
    });
  }
}

/** Oldest month first is not needed, the same order each time is. */
function monthFilesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].filter(({ isFile, name }) => isFile && isMonthFile(name))
      .map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
