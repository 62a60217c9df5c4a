import type {
  BillingSettings,
  Config,
  MailSettings,
  Setting,
  WebhookFormat,
  WebhookSettings,
} from "../../domain/config.ts";
import { TrackerError } from "../../domain/errors.ts";
import { parseMailAddress, splitAddresses } from "../channels/email/address.ts";
import { parseConfigFile } from "./config_file.ts";
import { settingsOf } from "./settings.ts";
import { SECRET_NAMES, VARIABLE_NAMES, type Variables, variables } from "./variables.ts";
import { X509Certificate } from "node:crypto";
import { parseEnv } from "node:util";

/** Where the configuration is read from. */
interface ConfigSources {
  /** The process's environment, such as `Deno.env.toObject()`. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder that relative paths and `.env` are looked for in. */
  readonly workingDir: string;
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
export function readConfig({ env, workingDir }: ConfigSources): ReadConfig {
  const faults: string[] = [];
  const first = merge(known(env), readEnvFile(`${workingDir}/.env`, faults));
  const dataDir = resolve(workingDir, first["DATA_DIR"] ?? "./data");
  const merged = merge(first, readEnvFile(`${dataDir}/.env`, faults));
  const all = { ...merged };
  const set = new Set(Object.keys(merged).map(variableOf));
  delete merged["DATA_DIR"];
  const values = { ...merged, ...readSecretFiles(merged, { workingDir, faults }), DATA_DIR: dataDir };
  const parsed = parseVariables(values, faults);
  faults.push(...contradictions(values));
  const caFile = merged["SMTP_CA_FILE"];
  if (caFile !== undefined) faults.push(...caFileFault(resolve(workingDir, caFile)));
  const billing = readConfigFile(merged["CONFIG"], { workingDir, dataDir, faults });
  const settings = settingsOf({ environment: known(env), all, dataDir, billing });
  return { config: configOf(parsed, { workingDir, dataDir, billing, settings }), faults, set };
}

/** The variables, checked; a faulty one is reported and has its default. */
function parseVariables(values: Record<string, string>, faults: string[]): Variables {
  const parsed = variables.safeParse(values);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  for (const issue of issues) faults.push(`${String(issue.path[0])} ${issue.message}`);
  const faulty = new Set(issues.map(({ path }) => String(path[0])));
  return variables.parse(Object.fromEntries(Object.entries(values).filter(([name]) => !faulty.has(name))));
}

function configOf(
  values: Variables,
  { workingDir, dataDir, billing, settings }: {
    workingDir: string;
    dataDir: string;
    billing: BillingSettings;
    settings: readonly Setting[];
  },
): Config {
  const path = (value: string | undefined) => value === undefined ? null : resolve(workingDir, value);
  return {
    bind: values.BIND,
    dataDir,
    profileDir: resolve(workingDir, values.USER_DATA_DIR),
    dashboard: {
      user: values.DASH_USER ?? null,
      password: values.DASH_PASS ?? null,
      auth: values.DASH_AUTH,
      allowedHosts: values.ALLOWED_HOSTS,
      url: values.DASHBOARD_URL ?? null,
    },
    mail: mailSettings(values, path(values.SMTP_CA_FILE)),
    webhook: webhookSettings(values),
    heartbeatUrl: values.HEARTBEAT_URL ?? null,
    thresholds: values.THRESHOLDS,
    alertPercents: values.ALERT_PERCENTS,
    quietHours: values.QUIET_HOURS ?? null,
    halfLifeDays: values.HALF_LIFE_DAYS,
    projectionMethod: values.PROJECTION_METHOD,
    spendMetric: values.SPEND_METRIC,
    timeZone: values.TIME_ZONE,
    usageUrl: values.CURSOR_USAGE_URL,
    adminUrl: values.CURSOR_ADMIN_URL,
    apiKey: values.CURSOR_API_KEY ?? null,
    browserPath: path(values.BROWSER_PATH),
    browserSandbox: values.BROWSER_SANDBOX,
    logLevel: values.LOG_LEVEL,
    scrapeTimeoutMs: values.SCRAPE_TIMEOUT_SECONDS * 1000,
    storeEmail: values.STORE_EMAIL,
    billing,
    settings,
  };
}

function known(env: Readonly<Record<string, string>>): Record<string, string> {
  const names = [...VARIABLE_NAMES, ...SECRET_NAMES.map((name) => `${name}_FILE`)];
  const entries = names.map((name) => [name, env[name] ?? credentialFile(name, env)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => (entry[1] ?? "") !== ""));
}

/** For NAME_FILE: the file in which systemd hands the secret over, where it does and NAME is not set otherwise. */
function credentialFile(name: string, env: Readonly<Record<string, string>>): string | undefined {
  const folder = env["CREDENTIALS_DIRECTORY"];
  const secret = SECRET_NAMES.find((secret) => name === `${secret}_FILE`);
  if (folder === undefined || secret === undefined || (env[secret] ?? "") !== "") return undefined;
  // A folder of credentials is handed over with the unit's name before each: "LoadCredential=tracker:/folder".
  const paths = [`${folder}/${secret}`, `${folder}/tracker_${secret}`];
  return paths.find((path) => readFile(path, () => undefined) !== null);
}

/** What is set, and of the further values those of variables that are not set yet, neither directly nor by a file. */
function merge(set: Record<string, string>, further: Record<string, string>): Record<string, string> {
  const taken = new Set(Object.keys(set).map(variableOf));
  const added = Object.entries(further).filter(([name]) => !taken.has(variableOf(name)));
  return { ...Object.fromEntries(added), ...set };
}

/** NAME and NAME_FILE are two ways to set one secret. */
function variableOf(name: string): string {
  return SECRET_NAMES.find((secret) => name === `${secret}_FILE`) ?? name;
}

function readEnvFile(path: string, faults: string[]): Record<string, string> {
  const text = readFile(path, (why) => faults.push(`.env cannot be read at ${path}: ${why}`));
  if (text === null) return {};
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text))) {
    if (value !== undefined && value !== "") values[name] = value;
  }
  return values;
}

function readSecretFiles(
  values: Readonly<Record<string, string>>,
  { workingDir, faults }: { workingDir: string; faults: string[] },
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of SECRET_NAMES) {
    const file = values[`${name}_FILE`];
    if (file === undefined || file === "" || (values[name] ?? "") !== "") continue;
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

function readFile(path: string, report: (why: string) => void): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
    if (!isMissing) report(error instanceof Error ? error.name : "unknown error");
    return null;
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

/** The secrets of a configuration, for masking them in whatever is written. */
export function secretsOf(config: Config): string[] {
  const { dashboard, mail, webhook, heartbeatUrl, apiKey } = config;
  return [dashboard.password, mail.password, webhook.url, webhook.secret, heartbeatUrl, apiKey]
    .filter((one) => one !== null).map((one) => one.reveal());
}

/** What is set, unchecked, so that a fault of one variable hides none between others. */
type SetVariables = Readonly<Record<string, string | undefined>>;

/** Faults that lie between two variables. */
function* contradictions(set: SetVariables): Iterable<string> {
  const has = (name: string) => isSet(set, name);
  if (set["DASH_AUTH"]?.toLowerCase() === "all" && !(has("DASH_USER") && has("DASH_PASS"))) {
    yield "DASH_AUTH=all needs DASH_USER and DASH_PASS: without them nobody could log in";
  }
  yield* mailContradictions(set);
  for (const name of ["WEBHOOK_SECRET", "WEBHOOK_FORMAT"]) {
    if (has(name) && !has("WEBHOOK_URL")) yield `${name} needs WEBHOOK_URL: without it nothing is posted`;
  }
}

/** A half configured mail would be found out by the first alert that nobody gets. */
function* mailContradictions(set: SetVariables): Iterable<string> {
  const has = (name: string) => isSet(set, name);
  const { SMTP_HOST, SMTP_USER } = set;
  const host = mailHost({ SMTP_HOST, SMTP_USER });
  const first = ["SMTP_HOST", "SMTP_USER", "SMTP_PASS", "SMTP_FROM"].find(has);
  if (has("SMTP_USER") && !has("SMTP_PASS")) yield "SMTP_USER needs SMTP_PASS: nobody logs in without one";
  if (has("SMTP_PASS") && !has("SMTP_USER")) yield "SMTP_PASS needs SMTP_USER: a password alone is nobody's";
  const hasRecipients = splitAddresses(set["ALERT_TO"] ?? "").length > 0;
  if (hasRecipients && host === null) {
    yield "ALERT_TO needs SMTP_HOST: only for a user of Gmail it is known by itself";
  } else if (!hasRecipients && first !== undefined) {
    yield `${first} needs ALERT_TO: without it nobody would get an alert`;
  } else if (host !== null && !has("SMTP_FROM") && !canSendFrom(SMTP_USER)) {
    yield "SMTP_HOST needs SMTP_FROM where SMTP_USER is no e-mail address: mail must have a sender";
  }
}

/** Itself, or by the file that it stands in. */
function isSet(set: SetVariables, name: string): boolean {
  return (set[name] ?? set[`${name}_FILE`] ?? "") !== "";
}

/** What is wrong with the file that SMTP_CA_FILE names. */
function* caFileFault(path: string): Iterable<string> {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    yield `SMTP_CA_FILE cannot be read at ${path}: ${error instanceof Error ? error.name : "unknown error"}`;
    return;
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0 || !certificates.every(isCertificate)) {
    yield `SMTP_CA_FILE must be a PEM file of certificates: ${path} is none`;
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false; // that it is none is the answer
  }
}

const GMAIL_USER = /@(?:gmail|googlemail)\.com$/i;
const SLACK_HOST = /^hooks\.slack(?:-gov)?\.com$/i;

/** Mail as it is configured, with what follows from it: Gmail's server for its users, and the user's own address as sender. */
function mailSettings(values: Variables, caFile: string | null): MailSettings {
  const user = values.SMTP_USER ?? null;
  const host = mailHost(values);
  return {
    host,
    port: values.SMTP_PORT,
    user,
    password: values.SMTP_PASS ?? null,
    from: values.SMTP_FROM ?? (host === null ? null : user),
    caFile,
    to: values.ALERT_TO,
  };
}

/** SMTP_HOST; where it is not set, Gmail's server for a user of Gmail. */
function mailHost(
  { SMTP_HOST, SMTP_USER = "" }: { SMTP_HOST?: string | undefined; SMTP_USER?: string | undefined },
): string | null {
  return SMTP_HOST ?? (GMAIL_USER.test(SMTP_USER) ? "smtp.gmail.com" : null);
}

/** Whether the user's name is an address that mail can be sent from. */
function canSendFrom(user: string | undefined): boolean {
  return user !== undefined && parseMailAddress(user) !== null;
}

/** The webhook as it is configured; Slack's own addresses get Slack's format. */
function webhookSettings({ WEBHOOK_URL, WEBHOOK_SECRET, WEBHOOK_FORMAT }: Variables): WebhookSettings {
  const host = WEBHOOK_URL === undefined ? "" : new URL(WEBHOOK_URL.reveal()).hostname;
  const usual: WebhookFormat = SLACK_HOST.test(host) ? "slack" : "json";
  return { url: WEBHOOK_URL ?? null, secret: WEBHOOK_SECRET ?? null, format: WEBHOOK_FORMAT ?? usual };
}
