import {
  BROWSER_SANDBOXES,
  type Config,
  LOG_LEVELS,
  PROJECTION_METHODS,
  SPEND_METRICS,
  STORE_EMAIL,
} from "../../domain/config.ts";
import type { ChannelKind } from "../channels/channel_kind.ts";
import { CHANNELS } from "../channels/channels.ts";
import * as field from "./fields.ts";
import { readVariables, type VariableGroup, type Variables } from "./variable.ts";
import { z } from "zod";

const FOLDERS = {
  DATA_DIR: {
    parse: z.string(),
    default: "./data",
    about: "Database, logs, backups, month cache; closed to other users (0700)",
  },
  USER_DATA_DIR: {
    parse: z.string(),
    default: "./profile",
    about: "Chromium's profile with the Cursor session; closed to other users (0700)",
  },
  CONFIG: {
    parse: z.string(),
    unset: "`./config.yaml`, else `DATA_DIR/config.yaml`",
    about: "The file with the `billing:` section",
  },
} as const satisfies Variables;

const DASHBOARD = {
  BIND: {
    parse: field.bindAddress,
    default: "0.0.0.0:8787",
    about: "Where the dashboard listens: address and port; 127.0.0.1:8787 is for this machine alone",
  },
  DASH_USER: {
    parse: z.string(),
    isPersonal: true,
    isHidden: true,
    about: "The user name for writing (budget, retry, …); without it and a password every write is refused",
  },
  DASH_PASS: { parse: field.secretText, isSecret: true, about: "The password for writing, by Basic authentication" },
  DASH_AUTH: {
    parse: field.oneOf(["writes", "all"]),
    default: "writes",
    about: "With `all` the password is needed for reading too, with `writes` for writing only",
  },
  ALLOWED_HOSTS: {
    parse: field.hostNames,
    default: "",
    about:
      "Further names under which the dashboard may be opened, with commas between; `*.example.org` is all below it",
  },
  DASHBOARD_URL: {
    parse: field.dashboardUrl,
    unset: "from `BIND`",
    about: "Where you open the dashboard, for the links in messages",
  },
} as const satisfies Variables;

const ALERTS = {
  THRESHOLDS: {
    parse: field.dollarList,
    default: "5,10,15,18",
    about: "Dollars at which an alert is sent, once per cycle; `none` for none",
  },
  ALERT_PERCENTS: {
    parse: field.percentList,
    default: "80,100",
    about: "Percentages of the budget and of each pool at which an alert is sent; `none` for none",
  },
  QUIET_HOURS: {
    parse: field.quietHours,
    about: "Part of the day, in `TIME_ZONE`, when no message is sent, such as `22:00-07:00`; messages wait for its end",
  },
  HEARTBEAT_URL: {
    parse: field.secretUrl,
    isSecret: true,
    about: "Called by GET after each good scrape, so that silence is noticed outside",
  },
} as const satisfies Variables;

const FIGURES = {
  HALF_LIFE_DAYS: { parse: field.positiveNumber, default: "7", about: "Half-life of the weighted average, in days" },
  PROJECTION_METHOD: {
    parse: field.oneOf(PROJECTION_METHODS),
    default: "linear",
    about: "How the cycle's end is projected: `linear`, `ewma` (weighted average) or `auto` (what erred less before)",
  },
  SPEND_METRIC: {
    parse: field.oneOf(SPEND_METRICS),
    default: "api_cost",
    about: "What counts as spent: `api_cost` (what the plan's budget is measured in) or `cost_to_you` (billed on top)",
  },
  TIME_ZONE: { parse: field.timeZone, default: "UTC", about: "Days are days of this zone, such as Europe/Berlin" },
} as const satisfies Variables;

const CURSOR = {
  CURSOR_USAGE_URL: {
    parse: field.httpUrl,
    default: "https://cursor.com/dashboard/usage",
    about: "The usage page that is read",
  },
  CURSOR_ADMIN_URL: { parse: field.httpUrl, default: "https://api.cursor.com", about: "The Admin API" },
  CURSOR_API_KEY: {
    parse: field.secretText,
    isSecret: true,
    about: "A team's Admin API key, for billing; nothing is fetched without one",
  },
  STORE_EMAIL: {
    parse: field.oneOf(STORE_EMAIL),
    default: "hash",
    about: "How the account's e-mail address is kept, to notice another account: `hash` (keyed), `plain` or `none`",
  },
} as const satisfies Variables;

const MACHINE = {
  BROWSER_PATH: { parse: z.string(), unset: "looked for", about: "A Chrome, Chromium or Edge" },
  BROWSER_SANDBOX: {
    parse: field.oneOf(BROWSER_SANDBOXES),
    default: "on",
    about: "Chromium's sandbox: `on`, `auto` (goes on without it where the system does not let it make one) or `off`",
  },
  LOG_LEVEL: {
    parse: field.oneOf(LOG_LEVELS),
    default: "info",
    about: "How much is logged: `debug`, `info`, `warn` or `error`",
  },
  SCRAPE_TIMEOUT_SECONDS: {
    parse: field.integer({ min: 5, max: 600 }),
    default: "90",
    about: "After so many seconds a scrape is given up; 5 to 600",
  },
} as const satisfies Variables;

const OWN = { ...FOLDERS, ...DASHBOARD, ...ALERTS, ...FIGURES, ...CURSOR, ...MACHINE };

/** All variables, in the order in which people read of them and faults are told. */
export function variableGroups(channels: readonly ChannelKind[] = CHANNELS): VariableGroup[] {
  return [
    { title: "Folders", variables: FOLDERS },
    { title: "Dashboard", variables: DASHBOARD },
    ...channels.map(({ group }) => group),
    { title: "Alerts: when", variables: ALERTS },
    { title: "Figures", variables: FIGURES },
    { title: "Cursor", variables: CURSOR },
    { title: "Browser and log", variables: MACHINE },
  ];
}

/** The same by their names. */
export function allVariables(channels?: readonly ChannelKind[]): Variables {
  return Object.assign({}, ...variableGroups(channels).map(({ variables }) => variables));
}

/** What the program's own variables say; those of channels are their own business. */
export function ownSettings(texts: Readonly<Record<string, string>>, { path }: { path: (text: string) => string }) {
  const values = readVariables(OWN, texts);
  return {
    bind: values.BIND,
    dataDir: values.DATA_DIR,
    profileDir: path(values.USER_DATA_DIR),
    dashboard: {
      user: values.DASH_USER ?? null,
      password: values.DASH_PASS ?? null,
      auth: values.DASH_AUTH,
      allowedHosts: values.ALLOWED_HOSTS,
      url: values.DASHBOARD_URL ?? null,
    },
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
    browserPath: values.BROWSER_PATH === undefined ? null : path(values.BROWSER_PATH),
    browserSandbox: values.BROWSER_SANDBOX,
    logLevel: values.LOG_LEVEL,
    scrapeTimeoutMs: values.SCRAPE_TIMEOUT_SECONDS * 1000,
    storeEmail: values.STORE_EMAIL,
  } satisfies Partial<Config>;
}
