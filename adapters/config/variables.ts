import {
  BROWSER_SANDBOXES,
  LOG_LEVELS,
  PROJECTION_METHODS,
  SPEND_METRICS,
  STORE_EMAIL,
  WEBHOOK_FORMATS,
} from "../../domain/config.ts";
import * as field from "./fields.ts";
import { z } from "zod";

/** Where a variable's value may stand in a file named by NAME_FILE, as container secrets do. */
export const SECRET_NAMES = [
  "DASH_PASS",
  "SMTP_PASS",
  "WEBHOOK_URL",
  "WEBHOOK_SECRET",
  "HEARTBEAT_URL",
  "CURSOR_API_KEY",
] as const;

/** Every variable with its check and its default. An empty variable counts as unset. */
export const variables = z.object({
  BIND: field.bindAddress.prefault("0.0.0.0:8787"),
  DATA_DIR: z.string().default("./data"),
  USER_DATA_DIR: z.string().default("./profile"),
  DASH_USER: z.string().optional(),
  DASH_PASS: field.secretText.optional(),
  DASH_AUTH: field.oneOf(["writes", "all"]).prefault("writes"),
  ALLOWED_HOSTS: field.hostNames.prefault(""),
  DASHBOARD_URL: field.dashboardUrl.optional(),
  SMTP_HOST: field.hostName.optional(),
  SMTP_PORT: field.portNumber.prefault("587"),
  SMTP_USER: z.string().optional(),
  SMTP_PASS: field.secretText.optional(),
  SMTP_FROM: field.mailAddress.optional(),
  SMTP_CA_FILE: z.string().optional(),
  ALERT_TO: field.mailAddresses.prefault(""),
  WEBHOOK_URL: field.secretUrl.optional(),
  WEBHOOK_SECRET: field.signingSecret.optional(),
  WEBHOOK_FORMAT: field.oneOf(WEBHOOK_FORMATS).optional(),
  HEARTBEAT_URL: field.secretUrl.optional(),
  THRESHOLDS: field.dollarList.prefault("5,10,15,18"),
  ALERT_PERCENTS: field.percentList.prefault("80,100"),
  QUIET_HOURS: field.quietHours.optional(),
  HALF_LIFE_DAYS: field.positiveNumber.prefault("7"),
  PROJECTION_METHOD: field.oneOf(PROJECTION_METHODS).prefault("linear"),
  SPEND_METRIC: field.oneOf(SPEND_METRICS).prefault("api_cost"),
  TIME_ZONE: field.timeZone.prefault("UTC"),
  CURSOR_USAGE_URL: field.httpUrl.prefault("https://cursor.com/dashboard/usage"),
  CURSOR_ADMIN_URL: field.httpUrl.prefault("https://api.cursor.com"),
  CURSOR_API_KEY: field.secretText.optional(),
  BROWSER_PATH: z.string().optional(),
  BROWSER_SANDBOX: field.oneOf(BROWSER_SANDBOXES).prefault("on"),
  LOG_LEVEL: field.oneOf(LOG_LEVELS).prefault("info"),
  SCRAPE_TIMEOUT_SECONDS: field.integer({ min: 5, max: 600 }).prefault("90"),
  STORE_EMAIL: field.oneOf(STORE_EMAIL).prefault("hash"),
  CONFIG: z.string().optional(),
});

/** What the variables say, each on its own. */
export type Variables = z.output<typeof variables>;

/** The names of all variables. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(variables.shape);
