import type { DatabaseSync } from "node:sqlite";
import type { Json } from "../../domain/json.ts";
import { SqliteRunStore } from "../sqlite/run_store.ts";
import { sqliteStores } from "../sqlite/stores.ts";

const RUNS = 20;
const LOG_BYTES = 256 * 1024;

/** A file of a bundle. Texts are masked when the bundle is written. */
export interface BundleFile {
  readonly name: string;
  /** What it is, in a few words. */
  readonly about: string;
  readonly content: string | Uint8Array;
}

/** A value as a readable JSON file. */
export function jsonFile(name: string, about: string, value: unknown): BundleFile {
  return { name, about, content: `${JSON.stringify(value, null, 2)}\n` };
}

/** What the database tells of the last runs, and of the last page that brought no figures. */
export function databaseFiles(db: DatabaseSync): BundleFile[] {
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
export function logFile(dataDir: string): BundleFile[] {
  let text: string;
  try {
    using file = Deno.openSync(`${dataDir}/logs/tracker.log`);
    const { size } = file.statSync();
    file.seekSync(Math.max(0, size - LOG_BYTES), Deno.SeekMode.Start);
    text = new TextDecoder().decode(readAll(file));
    // The first line was cut.
    if (size > LOG_BYTES) text = text.slice(text.indexOf("\n") + 1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return [];
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
export function versions(facts: Record<string, Json>): BundleFile {
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
