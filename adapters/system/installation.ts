import type { Installation, StoredSize, Version } from "../../domain/operations/installation.ts";
import { VERSION } from "../../domain/version.ts";
import { isMissing } from "../files/files.ts";
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

/** A browser profile has some thousands of files. */
const MOST_FILES = 20_000;
/** Sizes are asked for by pages, and change slowly. */
const KEPT_MS = 60_000;

const sqliteRow = z.object({ version: z.string() });
const schemaRow = z.object({ user_version: z.number() });

/** The program, what it runs on, and what its folders take up. */
export function installation(
  { db, dataDir, profileDir }: { db: DatabaseSync; dataDir: string; profileDir: string },
): Installation {
  let kept: { readonly sizes: Promise<readonly StoredSize[]>; readonly atMs: number } | null = null;
  return {
    versions: () => versionsOf(db),
    sizes() {
      if (kept === null || performance.now() - kept.atMs > KEPT_MS) {
        kept = { sizes: sizesOf(dataDir, profileDir), atMs: performance.now() };
      }
      return kept.sizes;
    },
  };
}

function versionsOf(db: DatabaseSync): Version[] {
  const { version } = sqliteRow.parse(db.prepare("SELECT sqlite_version() AS version").get());
  const { user_version: schema } = schemaRow.parse(db.prepare("PRAGMA user_version").get());
  return [
    { name: "tracker", version: VERSION },
    { name: "Deno", version: Deno.version.deno },
    { name: "SQLite", version },
    { name: "Database schema", version: String(schema) },
    { name: "System", version: `${Deno.build.os} ${Deno.build.arch}` },
  ];
}

/** Each folder of the data folder by its name, its files as the database and the others, and the browser's profile. */
async function sizesOf(dataDir: string, profileDir: string): Promise<StoredSize[]> {
  const sizes = new Map<string, { bytes: number; files: number; isPartial: boolean }>();
  const add = (name: string, more: { bytes: number; files: number; isPartial?: boolean }) => {
    const { bytes, files, isPartial } = sizes.get(name) ?? { bytes: 0, files: 0, isPartial: false };
    sizes.set(name, {
      bytes: bytes + more.bytes,
      files: files + more.files,
      isPartial: isPartial || (more.isPartial ?? false),
    });
  };
  for await (const { name, isDirectory, isFile } of entriesOf(dataDir)) {
    if (isDirectory) add(`${dataDir}/${name}` === profileDir ? "profile" : name, await walk(`${dataDir}/${name}`));
    else if (isFile) add(/^tracker\.db/.test(name) ? "database" : "other files", await fileSize(`${dataDir}/${name}`));
  }
  if (!profileDir.startsWith(`${dataDir}/`)) add("profile", await walk(profileDir));
  return [...sizes].map(([name, size]) => ({ name, ...size })).sort((a, b) => b.bytes - a.bytes);
}

async function walk(folder: string): Promise<{ bytes: number; files: number; isPartial: boolean }> {
  const folders = [folder];
  let [bytes, files] = [0, 0];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for await (const { name, isDirectory, isFile } of entriesOf(next)) {
      if (files >= MOST_FILES) return { bytes, files, isPartial: true };
      if (isDirectory) folders.push(`${next}/${name}`);
      else if (isFile) {
        const size = await fileSize(`${next}/${name}`);
        bytes += size.bytes;
        files += size.files;
      }
    }
  }
  return { bytes, files, isPartial: false };
}

/** What is not there, or not ours to read, takes up nothing. */
async function* entriesOf(folder: string): AsyncIterable<Deno.DirEntry> {
  try {
    yield* Deno.readDir(folder);
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
  }
}

/** A file that is gone meanwhile, as browsers' are, takes up nothing. */
async function fileSize(path: string): Promise<{ bytes: number; files: number }> {
  try {
    return { bytes: (await Deno.lstat(path)).size, files: 1 };
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
    return { bytes: 0, files: 0 };
  }
}

function isOutOfReach(error: unknown): boolean {
  return isMissing(error) || error instanceof Deno.errors.PermissionDenied;
}

const buildJson = z.object({ commit: z.string().nullable() });

/** The commit that the running binary was made from; null where it runs from source or was made outside of git. */
export function buildCommit(): string | null {
  if (!Deno.build.standalone) return null;
  return buildJson.parse(JSON.parse(Deno.readTextFileSync(new URL("../../dist/build.json", import.meta.url)))).commit;
}
