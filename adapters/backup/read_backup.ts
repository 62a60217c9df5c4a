import { messageOf, TrackerError } from "../../domain/errors.ts";
import {
  type BackupEntry,
  type BackupManifest,
  type LongWork,
  MONTHS_FOLDER,
  readManifest,
  unpackedBytes,
} from "../../domain/operations/backup.ts";
import { freeBytes, isMissing, privateDir, syncDir, writeAll } from "../files/files.ts";
import { drained, MANIFEST_NAME } from "./write_backup.ts";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
// @ts-types="@types/tar-stream"
import { type Extract, extract, type Headers } from "tar-stream";

const GZIP_MAGIC = [0x1f, 0x8b] as const;
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** Real data shrinks to a tenth or so: what grows more than this is made to fill a disk. */
const MAX_GROWTH = 200;
const GROWTH_FREE_BYTES = 64 * 1024 * 1024;
/** What must stay free on the disk beside the unpacked files: migrating writes some more. */
const SPARE_BYTES = 64 * 1024 * 1024;

/** A backup's refusal: the rule, the file, why, and what helps. */
export function refused(file: string, why: string, hint?: string): TrackerError {
  return new TrackerError(`Cannot restore "${file}" as ${why}; nothing was changed`, {
    hint: hint ?? "Use another backup: DATA_DIR/backups has those of the last nights.",
  });
}

/** Reads no more than the manifest. @throws TrackerError where it is none of ours, or a newer one. */
export async function readBackupManifest(file: string): Promise<BackupManifest> {
  return await explained(file, async () => {
    for await (const entry of openArchive(file)) return await manifestOf(file, entry);
    throw new DamagedArchive("it is not a backup of tracker: it is empty");
  });
}

/**
 * Unpacks a backup into a new folder, and checks each byte against the manifest on the way.
 * @throws TrackerError where it is not whole, holds what it does not list, or does not fit on the disk.
 */
export async function unpackBackup(
  file: string,
  { into, signal, onProgress }: LongWork & { into: string },
): Promise<BackupManifest> {
  return await explained(file, async () => {
    let manifest: BackupManifest | null = null;
    const missing = new Map<string, BackupEntry>();
    let done = 0;
    for await (const entry of openArchive(file)) {
      if (manifest === null) {
        manifest = await manifestOf(file, entry);
        await requireRoom(file, { manifest, folder: into });
        for (const listed of manifest.entries) missing.set(listed.name, listed);
        privateDir(join(into, MONTHS_FOLDER));
        continue;
      }
      const listed = missing.get(entry.name);
      if (listed === undefined || listed.size !== entry.size) {
        throw new DamagedArchive(`"${entry.name}" in it is not what its manifest lists`);
      }
      missing.delete(entry.name);
      const total = Math.max(1, unpackedBytes(manifest));
      const onBytes = (count: number) => onProgress((done += count) / total, "Unpacking the files");
      await unpackFile(entry, { listed, path: join(into, entry.name), signal, onBytes });
    }
    const [lost] = missing.keys();
    if (manifest === null) throw new DamagedArchive("it is not a backup of tracker: it is empty");
    if (lost !== undefined) throw new DamagedArchive(`"${lost}" is missing in it`);
    syncDir(join(into, MONTHS_FOLDER));
    syncDir(into);
    return manifest;
  });
}

async function unpackFile(
  entry: TarFile,
  { listed, path, signal, onBytes }: {
    listed: BackupEntry;
    path: string;
    signal: AbortSignal;
    onBytes: (count: number) => void;
  },
): Promise<void> {
  const hash = createHash("sha256");
  using output = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  for await (const chunk of entry.content) {
    signal.throwIfAborted();
    hash.update(chunk);
    await writeAll(output, chunk);
    onBytes(chunk.length);
  }
  if (hash.digest("hex") !== listed.sha256) {
    throw new DamagedArchive(`it is damaged: "${entry.name}" in it does not have the SHA-256 that its manifest lists`);
  }
  await output.sync();
}

async function manifestOf(file: string, entry: TarFile): Promise<BackupManifest> {
  if (entry.name !== MANIFEST_NAME || entry.size > MAX_MANIFEST_BYTES) {
    throw new DamagedArchive("it is not a backup of tracker: it does not begin with a manifest");
  }
  const read = readManifest(parsed(Buffer.concat(await Array.fromAsync(entry.content)).toString()));
  if (!("fault" in read)) return read;
  throw refused(file, read.fault, read.isNewer ? "Install that newer version, and restore with it." : undefined);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DamagedArchive("its manifest is damaged");
  }
}

async function requireRoom(
  file: string,
  { manifest, folder }: { manifest: BackupManifest; folder: string },
): Promise<void> {
  const needed = unpackedBytes(manifest);
  const { size: packed } = await Deno.stat(file);
  if (needed > packed * MAX_GROWTH + GROWTH_FREE_BYTES) {
    throw new DamagedArchive(`it would grow from ${packed} to ${needed} bytes, which no backup does`);
  }
  const free = freeBytes(dirname(folder));
  if (free !== null && needed + SPARE_BYTES > free) {
    throw refused(
      file,
      `its ${needed} bytes do not fit on the disk that holds "${dirname(folder)}": ${free} are free`,
      "Free some space there, then try again.",
    );
  }
}

/**
 * The files of a gzipped archive, one after another; the content of one must be read before the next one is asked for.
 * It takes plain files only, as `writeBackup` makes them. @throws DamagedArchive
 */
async function* openArchive(path: string): AsyncGenerator<TarFile> {
  using file = await openFile(path);
  await requireGzip(file);
  const archive = extract();
  const layout = new Layout();
  archive.on("entry", (header) => layout.add(header));
  archive.on("error", () => undefined); // it reaches the reading below, too
  const fed = feed(archive, { chunks: file.readable.pipeThrough(new DecompressionStream("gzip")), layout });
  try {
    for await (const entry of damageOf(archive)) {
      const { name, size = 0, type } = entry.header;
      if (type !== "file" || layout.hasGap) {
        throw new DamagedArchive(`it holds something that is not a plain file: "${name}"`);
      }
      yield { name, size, content: damageOf(entry) };
    }
  } finally {
    archive.destroy();
    await fed;
  }
}

/** What an archive may have after its last file: at least two blocks of zeros, more with some programs. */
const MAX_PADDING_BYTES = 64 * 1024;
const BLOCK_BYTES = 512;

/**
 * Where the files of an archive lie. What tar-stream reads without a word shows as a gap: extended headers, which give
 * the next file another name or size, and zeros with something after them.
 */
class Layout {
  #end = 0;
  hasGap = false;

  add(header: Headers): void {
    const start = Number(Reflect.get(header, "byteOffset"));
    this.hasGap ||= start !== this.#end + BLOCK_BYTES;
    this.#end = start + Math.ceil((header.size ?? 0) / BLOCK_BYTES) * BLOCK_BYTES;
  }

  /** How many of so many bytes are behind the last file. */
  beyond(bytes: number): number {
    return bytes - this.#end;
  }
}

/** Unpacks no faster than the files are taken. */
async function feed(
  archive: Extract,
  { chunks, layout }: { chunks: AsyncIterable<Uint8Array>; layout: Layout },
): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      if (archive.destroyed) return;
      if (!archive.write(chunk)) await drained(archive);
      bytes += chunk.length;
      if (layout.beyond(bytes) > MAX_PADDING_BYTES) throw new DamagedArchive("something follows its end");
    }
    archive.end();
  } catch (error) {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** The parts of an archive; what the decompressor or tar-stream finds wrong is damage. */
async function* damageOf<T>(parts: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* parts;
  } catch (cause) {
    throw cause instanceof DamagedArchive ? cause : new DamagedArchive("it is truncated or damaged", { cause });
  }
}

async function requireGzip(file: Deno.FsFile): Promise<void> {
  const magic = new Uint8Array(GZIP_MAGIC.length);
  if (await file.read(magic) === null) throw new DamagedArchive("it is empty");
  if (!GZIP_MAGIC.every((byte, at) => magic[at] === byte)) {
    throw new DamagedArchive("it is not a backup of tracker: it is no gzip file");
  }
  await file.seek(0, Deno.SeekMode.Start);
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    const why = isMissing(error) ? "there is no such file" : `it cannot be read: ${messageOf(error)}`;
    throw refused(path, why, "Check the path, and that this user may read the file.");
  }
}

/** What the archive has wrong, as a refusal. */
async function explained<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DamagedArchive) throw refused(file, error.message);
    if (error instanceof Deno.errors.IsADirectory) throw refused(file, "it is a folder");
    throw error;
  }
}

/** What is wrong with an archive, in words that continue "as". */
class DamagedArchive extends Error {
  override readonly name = "DamagedArchive";
}

/** A file of an archive. */
interface TarFile {
  readonly name: string;
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array>;
}
