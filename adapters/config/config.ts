import { type BillingSettings, type Config, secret } from "../../domain/config.ts";
import { TrackerError } from "../../domain/errors.ts";
import type { ChannelKind, GivenVariables } from "../channels/channel_kind.ts";
import { CHANNELS } from "../channels/channels.ts";
import { isMissing } from "../files/files.ts";
import { parseConfigFile } from "./config_file.ts";
import { settingsOf } from "./settings.ts";
import { secretNames, variableFaults, type Variables } from "./variable.ts";
import { allVariables, ownSettings } from "./variables.ts";
import { parseEnv } from "node:util";

/** Where the configuration is read from. */
interface ConfigSources {
  /** The process's environment, such as `Deno.env.toObject()`. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder that relative paths and `.env` are looked for in. */
  readonly workingDir: string;
  /** Where alerts can be sent to. Default: every channel of this version. */
  readonly channels?: readonly ChannelKind[];
}

/** A configuration with whatever is wrong about it. */
export interface ReadConfig {
  /** What is faulty has its default here. */
  readonly config: Config;
  /** One sentence each, none where all is well. */
  readonly faults: readonly string[];
  /** Names of the variables that are set somewhere. */
  readonly set: ReadonlySet<string>;
}

/**
 * The configuration: the environment, then `.env` of the working directory, then `.env` of DATA_DIR, which never override
 * what is set before them. @throws TrackerError (exit code 2) that lists every fault.
 */
export function loadConfig(sources: ConfigSources): Config {
  const { config, faults } = readConfig(sources);
  if (faults.length === 0) return config;
  const list = faults.map((fault) => `\n  - ${fault}`).join("");
  throw new TrackerError(
    `The configuration has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:${list}`,
    {
      hint: "Correct what is named above in the environment, .env or config.yaml; README lists each with an example.",
      exitCode: 2,
    },
  );
}

/** The same for those who want to go on in spite of faults. */
export function readConfig({ env, workingDir, channels = CHANNELS }: ConfigSources): ReadConfig {
  const faults: string[] = [];
  const variables = allVariables(channels);
  const files = new SecretFiles(variables);
  const environment = known(env, { variables, files });
  const first = merge(environment, readEnvFile(`${workingDir}/.env`, faults), files);
  const dataDir = resolve(workingDir, first["DATA_DIR"] ?? "./data");
  const all = merge(first, readEnvFile(`${dataDir}/.env`, faults), files);
  const { DATA_DIR: _, ...others } = all;
  const texts: Texts = { ...others, ...files.read(others, { workingDir, faults }), DATA_DIR: dataDir };
  const wrong = variableFaults(variables, texts);
  faults.push(...wrong.map(({ fault }) => fault));
  const given = givenVariables(texts, workingDir);
  faults.push(...ownContradictions(given), ...channels.flatMap((channel) => [...channel.contradictions(given)]));
  const billing = readConfigFile(all["CONFIG"], { workingDir, dataDir, faults });
  const faulty = new Set(wrong.map(({ name }) => name));
  const right = Object.fromEntries(Object.entries(texts).filter(([name]) => !faulty.has(name)));
  const config: Config = {
    ...ownSettings(right, given),
    channels: channels.map((channel) => channel.setUp(right, given)),
    billing,
    settings: settingsOf({ variables, environment, all, dataDir, billing }),
    secrets: secretNames(variables).flatMap((name) => texts[name] ?? []).map(secret),
    personal: personalTexts(variables, texts).map(secret),
  };
  return { config, faults, set: new Set(Object.keys(all).map((name) => files.variableOf(name))) };
}

/** Values as they are written, by the names of their variables. */
type Texts = Readonly<Record<string, string>>;

/** What is set of the program's variables; an empty one counts as not set. */
function known(env: Texts, { variables, files }: { variables: Variables; files: SecretFiles }): Texts {
  const names = [...Object.keys(variables), ...files.names];
  const entries = names.map((name) => [name, env[name] ?? files.credential(name, env) ?? ""] as const);
  return Object.fromEntries(entries.filter(([, text]) => text !== ""));
}

/** What is set, and of the further values those of variables that are not set yet, neither directly nor by a file. */
function merge(set: Texts, further: Texts, files: SecretFiles): Texts {
  const taken = new Set(Object.keys(set).map((name) => files.variableOf(name)));
  const added = Object.entries(further).filter(([name]) => !taken.has(files.variableOf(name)));
  return { ...Object.fromEntries(added), ...set };
}

function readEnvFile(path: string, faults: string[]): Texts {
  const text = readFile(path, (why) => faults.push(`.env cannot be read at ${path}: ${why}`));
  if (text === null) return {};
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text))) {
    if (value !== undefined && value !== "") values[name] = value;
  }
  return values;
}

/** NAME and NAME_FILE are two ways to set one secret. */
class SecretFiles {
  readonly #secrets: readonly string[];

  constructor(variables: Variables) {
    this.#secrets = secretNames(variables);
  }

  /** Of the variables that name files. */
  get names(): string[] {
    return this.#secrets.map((name) => `${name}_FILE`);
  }

  /** The variable that a name sets. */
  variableOf(name: string): string {
    return this.#secrets.find((secret) => name === `${secret}_FILE`) ?? name;
  }

  /** For NAME_FILE: the file in which systemd hands the secret over, if it does and NAME is not set otherwise. */
  credential(name: string, env: Texts): string | undefined {
    const folder = env["CREDENTIALS_DIRECTORY"];
    const secret = this.variableOf(name);
    if (folder === undefined || secret === name || (env[secret] ?? "") !== "") return undefined;
    // A folder of credentials is handed over with the unit's name before each: "LoadCredential=tracker:/folder".
    const paths = [`${folder}/${secret}`, `${folder}/tracker_${secret}`];
    return paths.find((path) => readFile(path, () => undefined) !== null);
  }

  /** The secrets that stand in files. */
  read(texts: Texts, { workingDir, faults }: { workingDir: string; faults: string[] }): Texts {
    const found: Record<string, string> = {};
    for (const name of this.#secrets) {
      const file = texts[`${name}_FILE`];
      if (file === undefined || file === "" || (texts[name] ?? "") !== "") continue;
      const path = resolve(workingDir, file);
      const before = faults.length;
      const text = readFile(path, (why) => faults.push(`${name}_FILE cannot be read at ${path}: ${why}`));
      const isEmpty = text !== null && text.trim() === "";
      if (isEmpty) faults.push(`${name}_FILE names an empty file: ${path}`);
      else if (text !== null) found[name] = text.trim();
      else if (faults.length === before) faults.push(`${name}_FILE names no file: ${path}`);
    }
    return found;
  }
}

function readFile(path: string, report: (why: string) => void): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (!isMissing(error)) report(error instanceof Error ? error.name : "unknown error");
    return null;
  }
}

/** Each whole, and each entry of a list: both are masked where they stand. */
function personalTexts(variables: Variables, texts: Texts): string[] {
  return Object.entries(variables).filter(([, { isPersonal = false }]) => isPersonal)
    .flatMap(([name]) => [texts[name] ?? "", ...(texts[name] ?? "").split(",")])
    .map((text) => text.trim()).filter((text) => text !== "");
}

function givenVariables(texts: Texts, workingDir: string): GivenVariables {
  return {
    has: (name) => (texts[name] ?? texts[`${name}_FILE`] ?? "") !== "",
    text: (name) => texts[name],
    path: (text) => resolve(workingDir, text),
  };
}

/** Faults that lie between two of the program's own variables. */
function* ownContradictions({ has, text }: GivenVariables): Iterable<string> {
  if (text("DASH_AUTH")?.toLowerCase() === "all" && !(has("DASH_USER") && has("DASH_PASS"))) {
    yield "DASH_AUTH=all needs DASH_USER and DASH_PASS: without them nobody could log in";
  }
}

/** CONFIG, which must be there; else config.yaml of the working directory, else that of DATA_DIR. */
function readConfigFile(
  named: string | undefined,
  { workingDir, dataDir, faults }: { workingDir: string; dataDir: string; faults: string[] },
): BillingSettings {
  const candidates = named === undefined
    ? [`${workingDir}/config.yaml`, `${dataDir}/config.yaml`]
    : [resolve(workingDir, named)];
  const before = faults.length;
  for (const path of candidates) {
    const text = readFile(path, (why) => faults.push(`${path} cannot be read: ${why}`));
    if (text !== null) return parseConfigFile(text, { path, faults });
  }
  if (named !== undefined && faults.length === before) faults.push(`CONFIG names no file: ${candidates[0]}`);
  return parseConfigFile(null, { path: candidates[0] ?? "", faults });
}

function resolve(workingDir: string, path: string): string {
  return /^(?:\/|[a-z]:[\\/])/i.test(path) ? path : `${workingDir}/${path.replace(/^\.\//, "")}`;
}
