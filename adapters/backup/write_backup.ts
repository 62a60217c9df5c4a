import type { Clock } from "../../domain/clock.ts";
import { messageOf, TrackerError } from "../../domain/errors.ts";
import {
  type BackupEntry,
  type BackupManifest,
  DATABASE_ENTRY,
  isMonthFile,
  type LongWork,
  manifestJson,
  MONTHS_FOLDER,
  SETTINGS_ENTRY,
  type WrittenBackup,
} from "../../domain/operations/backup.ts";
import { entriesIn, exists, privateDir, removeIfThere, renameDurably, writeAll } from "../files/files.ts";
import { copyDatabase } from "../sqlite/migrate.ts";
import { databasePath } from "../sqlite/open.ts";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Writable } from "node:stream";
// @ts-types="@types/tar-stream"
import { type Pack, pack as tarPack } from "tar-stream";

const FILE_MODE = 0o600;
const DATABASE_COPY = /^\.database-[0-9a-f-]{36}\.db(?:\.\d+\.partial)?$/;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The name of the manifest: the first file in a backup. */
export const MANIFEST_NAME = "manifest.json";

/** What is backed up, and by whom. */
export interface BackupOrigin {
  readonly dataDir: string;
  /** The settings file in use; null without one. */
  readonly configFile: string | null;
  readonly clock: Clock;
  readonly programVersion: string;
}

/** Writes a backup; it appears whole or not at all. @throws TrackerError where there is nothing to back up or no room. */
export async function writeBackup(
  origin: BackupOrigin,
  { target, replace, ...work }: LongWork & { target: string; replace: boolean },
): Promise<WrittenBackup> {
  const { dataDir, clock } = origin;
  if (!exists(databasePath(dataDir))) {
    throw new TrackerError(`Cannot back up as there is no database in "${dataDir}"`, {
      hint: "Set DATA_DIR to the folder that holds tracker.db.",
    });
  }
  const createdAt = clock.now();
  const file = targetFile(target, createdAt);
  if (!replace && exists(file)) {
    throw new TrackerError(`Cannot write the backup as "${file}" exists`, {
      hint: "Choose another name, or add --force to replace it.",
    });
  }
  const backups = `${dataDir}/backups`;
  privateDir(backups);
  removeOldCopies(backups, createdAt);
  const database = `${backups}/.database-${crypto.randomUUID()}.db`;
  try {
    work.onProgress(0, "Copying the database");
    copyDatabase(databasePath(dataDir), database);
    using sources = openAll({ ...origin, database });
    const manifest = { ...await describeAll(sources.all, work), ...versionsOf(origin, database), createdAt };
    const bytes = await writeArchive(file, { manifest, sources: sources.all, ...work });
    return { file, bytes, manifest };
  } finally {
    removeIfThere(database);
  }
}

function openAll(from: Parameters<typeof openSources>[0]): { all: readonly Source[] } & Disposable {
  const all = openSources(from);
  return {
    all,
    [Symbol.dispose]() {
      for (const source of all) source[Symbol.dispose]();
    },
  };
}

function versionsOf({ programVersion }: BackupOrigin, database: string) {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    return { programVersion, schemaVersion: Number(db.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0) };
  } finally {
    db.close();
  }
}

/** The first half of the work; the second is the archive. */
async function describeAll(sources: readonly Source[], { signal, onProgress }: LongWork) {
  const report = progressOf(sources, { from: 0, onProgress });
  const entries: BackupManifest["entries"][number][] = [];
  for (const source of sources) {
    entries.push(await describeSource(source, { signal, onBytes: (count) => report(count, "Reading the files") }));
  }
  return { entries };
}

async function writeArchive(
  path: string,
  { manifest, sources, signal, onProgress }: LongWork & { manifest: BackupManifest; sources: readonly Source[] },
): Promise<number> {
  const partial = `${path}.${crypto.randomUUID()}.partial`;
  try {
    const pack = tarPack();
    pack.on("error", () => undefined); // it reaches the reading below, too
    const fed = feed(pack, { manifest, sources, signal, onProgress })
      .catch((error: unknown) => pack.destroy(error instanceof Error ? error : new Error(String(error))));
    const archive = ReadableStream.from(bytesOf(pack)).pipeThrough(new CompressionStream("gzip"));
    using file = await Deno.open(partial, { write: true, createNew: true, mode: FILE_MODE });
    let bytes = 0;
    for await (const chunk of archive) {
      await writeAll(file, chunk);
      bytes += chunk.length;
    }
    await fed;
    await file.sync();
    renameDurably(partial, path);
    return bytes;
  } catch (error) {
    removeIfThere(partial);
    signal.throwIfAborted();
    throw error instanceof TrackerError ? error : new TrackerError(`Cannot write "${path}": ${messageOf(error)}`, {
      hint: "Check that the folder exists, that this user may write there, and that the disk is not full.",
      cause: error,
    });
  }
}

/** The same bytes in memory of their own, as streams want them. */
async function* bytesOf(pack: Pack): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const chunk of pack) yield new Uint8Array(chunk);
}

async function feed(
  pack: Pack,
  { manifest, sources, signal, onProgress }: LongWork & { manifest: BackupManifest; sources: readonly Source[] },
): Promise<void> {
  const report = progressOf(sources, { from: 0.5, onProgress });
  const head = new TextEncoder().encode(`${JSON.stringify(manifestJson(manifest), null, 2)}\n`);
  const { epochMilliseconds } = manifest.createdAt;
  await addEntry(pack, { name: MANIFEST_NAME, size: head.length, modifiedMs: epochMilliseconds, chunks: [head] });
  for (const source of sources) {
    const chunks = counted(source.read(signal), (count) => report(count, "Packing the files"));
    await addEntry(pack, { ...source, chunks });
  }
  pack.finalize();
}

/** One file at a time, no faster than the disk takes it. */
async function addEntry(
  pack: Pack,
  { name, size, modifiedMs, chunks }: {
    name: string;
    size: number;
    modifiedMs: number;
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const header = { name, size, mode: FILE_MODE, mtime: new Date(modifiedMs) };
  const entry = pack.entry(header, (error) => error ? reject(error) : resolve());
  // Each failure is told in several ways; the one that is thrown below is enough.
  promise.catch(() => undefined);
  entry.on("error", () => undefined);
  try {
    for await (const chunk of chunks) {
      if (entry.destroyed) break;
      if (!entry.write(chunk)) await drained(entry);
    }
    entry.end();
  } catch (error) {
    entry.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
  await promise;
}

/** Waits until a stream takes more, or is closed. */
export function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      stream.off("drain", go).off("close", go);
      resolve();
    };
    stream.on("drain", go).on("close", go);
  });
}

async function* counted(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  onBytes: (count: number) => void,
): AsyncIterable<Uint8Array<ArrayBuffer>> {
  for await (const chunk of chunks) {
    yield chunk;
    onBytes(chunk.length);
  }
}

/** Half of the work from `from` on, by bytes. */
function progressOf(
  sources: readonly Source[],
  { from, onProgress }: { from: number } & Pick<LongWork, "onProgress">,
): (count: number, doing: string) => void {
  const total = Math.max(1, sources.reduce((sum, { size }) => sum + size, 0));
  let done = 0;
  return (count, doing) => {
    done += count;
    onProgress(from + done / total / 2, doing);
  };
}

/** A folder gets a file with the time in its name. */
function targetFile(target: string, at: Temporal.Instant): string {
  const folder = target.endsWith("/") ? target : dirname(target);
  if (!isDir(folder)) {
    throw new TrackerError(`Cannot write the backup as there is no folder "${folder}"`, {
      hint: "Make the folder first, or mount the disk that holds it.",
    });
  }
  return isDir(target) ? join(target, `tracker-${fileTime(at)}.tar.gz`) : target;
}

/** "20261122T034000Z": a time in a file's name. */
export function fileTime(at: Temporal.Instant): string {
  return at.toString({ smallestUnit: "second" }).replaceAll(/[-:]/g, "");
}

function isDir(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // whatever is wrong with it, it is no folder to write to
  }
}

/** What a killed backup left behind. */
function removeOldCopies(folder: string, now: Temporal.Instant): void {
  for (const { name } of Deno.readDirSync(folder)) {
    if (!DATABASE_COPY.test(name)) continue;
    const madeAt = Deno.statSync(`${folder}/${name}`).mtime?.getTime() ?? 0;
    if (madeAt < now.epochMilliseconds - DAY_MS) removeIfThere(`${folder}/${name}`);
  }
}

const CHUNK_BYTES = 256 * 1024;

/** A file that goes into a backup. Held open: files are replaced by renames, so its bytes stay what they were. */
interface Source extends Disposable {
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** The bytes from the start. */
  read(signal: AbortSignal): AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** Opens all files of a backup; `database` is a copy that nobody writes to. Dispose of each. */
function openSources(
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
async function describeSource(
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

function monthFilesIn(folder: string): string[] {
  return entriesIn(folder).filter(({ isFile, name }) => isFile && isMonthFile(name)).map(({ name }) => name);
}
