import { createHash } from "node:crypto";
import { statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type BackupEntry,
  type BackupManifest,
  MONTHS_FOLDER,
  readManifest,
  unpackedBytes,
} from "../../domain/backup/manifest.ts";
import type { LongWork } from "../../domain/backup/ports.ts";
import { messageOf, TrackerError } from "../../domain/errors.ts";
import { privateDir } from "../data_dir.ts";
import { syncDir } from "./durable.ts";
import { DamagedArchive, readTar, type TarFile } from "./tar_reader.ts";
import { MANIFEST_NAME } from "./write_backup.ts";

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
    for (let at = 0; at < chunk.length;) at += await output.write(chunk.subarray(at));
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
  const parts = await Array.fromAsync(entry.content);
  const read = readManifest(parsed(await new Blob(parts).text()));
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
  const { bavail, bsize } = await statfs(dirname(folder));
  if (needed + SPARE_BYTES > bavail * bsize) {
    throw refused(
      file,
      `its ${needed} bytes do not fit on the disk that holds "${dirname(folder)}": ${bavail * bsize} are free`,
      "Free some space there, then try again.",
    );
  }
}

/** The files of a gzipped archive, as a stream. */
async function* openArchive(path: string): AsyncGenerator<TarFile> {
  using file = await openFile(path);
  const magic = new Uint8Array(GZIP_MAGIC.length);
  const count = await file.read(magic);
  if (count === null) throw new DamagedArchive("it is empty");
  if (!GZIP_MAGIC.every((byte, at) => magic[at] === byte)) {
    throw new DamagedArchive("it is not a backup of tracker: it is no gzip file");
  }
  await file.seek(0, Deno.SeekMode.Start);
  yield* readTar(chunksOf(file).pipeThrough(new DecompressionStream("gzip")));
}

function chunksOf(file: Deno.FsFile): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from((async function* () {
    while (true) {
      const chunk = new Uint8Array(64 * 1024);
      const count = await file.read(chunk);
      if (count === null) return;
      yield chunk.subarray(0, count);
    }
  })());
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : `it cannot be read: ${messageOf(error)}`;
    throw refused(path, why, "Check the path, and that this user may read the file.");
  }
}

/** What the archive or the decompressor finds wrong, as a refusal. */
async function explained<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DamagedArchive) throw refused(file, error.message);
    // The decompressor tells of damage and of an early end by a TypeError.
    if (error instanceof TypeError) throw refused(file, "it is truncated or damaged");
    if (error instanceof Deno.errors.IsADirectory) throw refused(file, "it is a folder");
    throw error;
  }
}
