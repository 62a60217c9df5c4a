import { DatabaseSync } from "node:sqlite";
import type { Config } from "../../domain/config.ts";
import type { Json } from "../../domain/json.ts";
import { messageOf } from "../../domain/errors.ts";
import { secretsOf } from "../config/mod.ts";
import { databasePath } from "../sqlite/open.ts";
import { type BundleFile, databaseFiles, jsonFile, logFile, versions } from "./bundle_files.ts";
import { writeBundle } from "./write_bundle.ts";

/** What a bundle is made of. */
export interface BundleParts {
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
  const secrets = [...secretsOf(config), ...personal(config)];
  await writeBundle(path, { files, secrets, home, at, signal });
  return files.map(({ name, about }) => ({ name, about }));
}

/** Secrets read "[secret]" by themselves; who the person is, is nobody's business either. */
function configFacts(config: Config): object {
  const given = (value: string | null) => value === null ? null : "[set]";
  const { dashboard, mail } = config;
  return {
    ...config,
    dashboard: { ...dashboard, user: given(dashboard.user) },
    mail: { ...mail, user: given(mail.user), from: given(mail.from), to: mail.to.map(() => "[set]") },
  };
}

/** Names that tell who the person is. */
function personal({ dashboard, mail }: Config): string[] {
  return [dashboard.user, mail.user, mail.from, ...mail.to].filter((one) => one !== null);
}

/** A database that cannot be read is a fact of its own, which the doctor tells; the rest of the bundle is worth having. */
function filesOfDatabase(dataDir: string): BundleFile[] {
  try {
    if (!Deno.statSync(databasePath(dataDir)).isFile) return [];
    const db = new DatabaseSync(databasePath(dataDir), { readOnly: true, timeout: 2_000 });
    try {
      return databaseFiles(db);
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return [];
    return [{ name: "database.txt", about: "why the database cannot be read", content: `${messageOf(error)}\n` }];
  }
}
