import type { Config } from "../../domain/config.ts";
import { messageOf, TrackerError } from "../../domain/errors.ts";
import type { Json } from "../../domain/json.ts";
import { redactForOthers } from "../../domain/redact.ts";
import { isFile, isMissing } from "../files/files.ts";
import { databasePath } from "../sqlite/open.ts";
import { SqliteRunStore } from "../sqlite/runs.ts";
import { sqliteStores } from "../sqlite/stores.ts";
import { Buffer } from "node:buffer";
import { createWriteStream } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
// @ts-types="@types/tar-stream"
import { pack } from "tar-stream";

/** What a bundle is made of. */
interface BundleParts {
  readonly path: string;
  readonly config: Config;
  readonly faults: readonly string[];
  /** The doctor's report as JSON. */
  readonly report: Json;
  readonly version: string;
  readonly home: string | null;
  readonly at: Temporal.Instant;
  readonly signal: AbortSignal;
}

/** Writes what a bug report needs, without what is nobody's business; answers what is in it. */
export async function makeBundle(parts: BundleParts): Promise<{ name: string; about: string }[]> {
  const { path, config, faults, report, version, home, at, signal } = parts;
  const files: BundleFile[] = [
    jsonFile("doctor.json", "what the doctor found", report),
    jsonFile("config.json", "the configuration, without secrets", { ...configFacts(config), faults }),
    versions({ tracker: version }),
    ...filesOfDatabase(config.dataDir),
    ...logFile(config.dataDir),
  ];
  const secrets = [...config.secrets, ...config.personal].map((secret) => secret.reveal());
  await writeBundle(path, { files, secrets, home, at, signal });
  return files.map(({ name, about }) => ({ name, about }));
}

/** Secrets read "[secret]" by themselves; who the person is, is nobody's business either. */
function configFacts({ secrets: _, personal, ...config }: Config): object {
  const { dashboard, channels, settings } = config;
  const names = new Set(personal.map((secret) => secret.reveal()));
  return {
    ...config,
    dashboard: { ...dashboard, user: dashboard.user === null ? null : "[set]" },
    channels: channels.map(({ name, missing }) => ({ name, missing })),
    settings: settings.map((one) => names.has(one.value ?? "") ? { ...one, value: "[set]" } : one),
  };
}

/** A database that cannot be read is a fact of its own, which the doctor tells; the rest of the bundle is worth having. */
function filesOfDatabase(dataDir: string): BundleFile[] {
  if (!isFile(databasePath(dataDir))) return [];
  try {
    const db = new DatabaseSync(databasePath(dataDir), { readOnly: true, timeout: 2_000 });
    try {
      return databaseFiles(db);
    } finally {
      db.close();
    }
  } catch (error) {
    return [{ name: "database.txt", about: "why the database cannot be read", content: `${messageOf(error)}\n` }];
  }
}

const RUNS = 20;
const LOG_BYTES = 256 * 1024;

/** A file of a bundle. Texts are masked when the bundle is written. */
interface BundleFile {
  readonly name: string;
  /** What it is, in a few words. */
  readonly about: string;
  readonly content: string | Uint8Array;
}

/** A value as a readable JSON file. */
function jsonFile(name: string, about: string, value: unknown): BundleFile {
  return { name, about, content: `${JSON.stringify(value, null, 2)}\n` };
}

/** What the database tells of the last runs, and of the last page that brought no figures. */
function databaseFiles(db: DatabaseSync): BundleFile[] {
  const stores = sqliteStores(db);
  const runStore = new SqliteRunStore(db, () => stores);
  const runs = runStore.list({ limit: RUNS }).map((run) => ({
    ...run,
    steps: runStore.steps(run.id).map(({ name, finishedAt }) => ({ name, finishedAt })),
    attempts: runStore.attempts(run.id),
  }));
  const sessions = stores.sessions.list(RUNS).map((session) => ({
    ...session,
    account: session.account === null ? null : "[account]",
  }));
  const shapes = stores.shapes.list();
  return [
    jsonFile("runs.json", `the last ${runs.length} runs with their tries and evidence`, runs),
    jsonFile("sessions.json", "when sessions began and ended", sessions),
    jsonFile("shapes.json", "which fields Cursor's answers have, without values", shapes),
    ...failedPageFiles(stores.captures.lastFailure()),
  ];
}

function failedPageFiles(
  failure: ReturnType<ReturnType<typeof sqliteStores>["captures"]["lastFailure"]>,
): BundleFile[] {
  if (failure === null) return [];
  const { capturedAt, evidence, screenshot, html } = failure;
  const files: BundleFile[] = [
    jsonFile("failed_page.json", "what the browser saw of the last page without figures", { capturedAt, evidence }),
  ];
  if (html !== null) files.push({ name: "failed_page.html", about: "its DOM, without scripts", content: html });
  if (screenshot !== null) files.push({ name: "failed_page.png", about: "how it looked, masked", content: screenshot });
  return files;
}

/** The end of the log; nothing where there is none. */
function logFile(dataDir: string): BundleFile[] {
  let text: string;
  try {
    using file = Deno.openSync(`${dataDir}/logs/tracker.log`);
    const { size } = file.statSync();
    file.seekSync(Math.max(0, size - LOG_BYTES), Deno.SeekMode.Start);
    text = new TextDecoder().decode(readAll(file));
    // The first line was cut.
    if (size > LOG_BYTES) text = text.slice(text.indexOf("\n") + 1);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  return [{ name: "tracker.log", about: "the end of the log", content: text }];
}

function readAll(file: Deno.FsFile): Uint8Array {
  const bytes = new Uint8Array(LOG_BYTES);
  let length = 0;
  for (let read = file.readSync(bytes); read !== null && read > 0; read = file.readSync(bytes.subarray(length))) {
    length += read;
    if (length === bytes.length) break;
  }
  return bytes.subarray(0, length);
}

/** Versions of all that works together. */
function versions(facts: Record<string, Json>): BundleFile {
  const { os, arch, standalone } = Deno.build;
  const value = {
    ...facts,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    os,
    arch,
    standalone,
    os_release: Deno.osRelease(),
  };
  return jsonFile("versions.json", "versions of tracker, Deno and this system", value);
}

/** How a bundle is written. */
interface WriteBundleOptions {
  /** Known secrets, masked wherever they stand. */
  readonly secrets: readonly string[];
  /** The person's own folder, which reads "~". */
  readonly home: string | null;
  readonly at: Temporal.Instant;
  readonly signal: AbortSignal;
}

/**
 * Writes the files into a new .tar.gz that only its owner may read. Every text is masked on its way in, whatever it is.
 * @throws TrackerError where the file is there already or cannot be written.
 */
async function writeBundle(
  path: string,
  { files, ...options }: WriteBundleOptions & { files: readonly BundleFile[] },
): Promise<void> {
  const { at, signal } = options;
  const tar = pack();
  const mtime = new Date(at.epochMilliseconds);
  for (const { name, content } of files) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(masked(content, options)) : content;
    tar.entry({ name: `tracker-doctor/${name}`, mode: 0o600, mtime, size: bytes.length }, Buffer.from(bytes));
  }
  tar.finalize();
  try {
    // "wx": nothing that is there already is overwritten.
    await pipeline(tar, createGzip(), createWriteStream(path, { flags: "wx", mode: 0o600 }), { signal });
  } catch (error) {
    const isThere = messageOf(error).includes("EEXIST");
    throw new TrackerError(`Cannot write "${path}"${isThere ? " as it is there already" : `: ${messageOf(error)}`}`, {
      hint: "Give '--bundle' the name of a new file in a folder that this user may write to.",
      cause: error,
    });
  }
}

function masked(text: string, { secrets, home }: WriteBundleOptions): string {
  return redactForOthers(text, { secrets, home });
}
