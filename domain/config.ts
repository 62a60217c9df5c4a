import type { ChannelSetup } from "./alerts/notification.ts";
import type { Micros } from "./money.ts";

/** How much is written to the log. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = typeof LOG_LEVELS[number];

/** Which of a row's two costs counts as spent. */
export const SPEND_METRICS = ["api_cost", "cost_to_you"] as const;
export type SpendMetric = typeof SPEND_METRICS[number];

/** Whether Chromium confines its pages: `auto` goes on without where the system does not let it. Never as root. */
export const BROWSER_SANDBOXES = ["on", "auto", "off"] as const;
export type BrowserSandbox = typeof BROWSER_SANDBOXES[number];

/** How the projection in the headline is made; `auto` takes the method that erred less before. */
export const PROJECTION_METHODS = ["linear", "ewma", "auto"] as const;
export type ProjectionMethod = typeof PROJECTION_METHODS[number];

/** How the account's e-mail address is kept: as a keyed hash, as it is, or not at all. */
export const STORE_EMAIL = ["hash", "plain", "none"] as const;
export type StoreEmail = typeof STORE_EMAIL[number];

/** Everything that can be configured, checked. A secret is in a closure, so that no log or page shows it by accident. */
export interface Config {
  readonly bind: { readonly hostname: string; readonly port: number };
  readonly dataDir: string;
  readonly profileDir: string;
  readonly dashboard: {
    readonly user: string | null;
    readonly password: Secret | null;
    /** `all` protects reads too. */
    readonly auth: "writes" | "all";
    readonly allowedHosts: readonly string[];
    /** Where people open it, for links in messages; null: not told, as it follows from `bind`. */
    readonly url: URL | null;
  };
  /** Every channel that alerts can be sent to, set up or not. */
  readonly channels: readonly ChannelSetup[];
  readonly heartbeatUrl: Secret | null;
  readonly thresholds: readonly Micros[];
  /** Percentages of the budget and of each pool that an alert tells of. */
  readonly alertPercents: readonly number[];
  /** When no message is sent; null for never. */
  readonly quietHours: QuietHours | null;
  readonly halfLifeDays: number;
  readonly projectionMethod: ProjectionMethod;
  readonly spendMetric: SpendMetric;
  readonly timeZone: string;
  readonly usageUrl: URL;
  readonly adminUrl: URL;
  readonly apiKey: Secret | null;
  readonly browserPath: string | null;
  readonly browserSandbox: BrowserSandbox;
  readonly logLevel: LogLevel;
  readonly scrapeTimeoutMs: number;
  readonly storeEmail: StoreEmail;
  /** The `billing:` section of config.yaml. */
  readonly billing: BillingSettings;
  /** The same for people, in the words of README; secrets only as set or not. */
  readonly settings: readonly Setting[];
  /** What must be masked wherever it stands. */
  readonly secrets: readonly Secret[];
  /** What tells who the person is, such as addresses: to be masked in what is given to others. */
  readonly personal: readonly Secret[];
}

/** Where a setting's value comes from. */
export const SETTING_SOURCES = ["default", "environment", ".env", "secret file", "config.yaml"] as const;
export type SettingSource = typeof SETTING_SOURCES[number];

/** One setting as it was configured. */
export interface Setting {
  readonly name: string;
  /** As one would write it; null where it is not set, and where it is not to be shown. */
  readonly value: string | null;
  /** Whether its value is kept from readers. */
  readonly isHidden: boolean;
  readonly isSet: boolean;
  readonly source: SettingSource;
}

/** How the team's billing is fetched and reported. */
export interface BillingSettings {
  /** The settings file in use; null without one. */
  readonly file: string | null;
  /** How many months are fetched, the current one included. */
  readonly monthsBack: number;
  readonly pageSize: number;
  /** The report's name in DATA_DIR. */
  readonly outputFilename: string;
  /** How many users the report's tables list. */
  readonly topSpendersCount: number;
  /** Least time between the starts of two requests. */
  readonly requestDelayMs: number;
  /** Who gets the invoice, for FinOps tools: Cursor does not tell it. Null for a placeholder. */
  readonly accountId: string | null;
  readonly accountName: string | null;
}

/** A part of each day in TIME_ZONE, over midnight where `to` is the earlier one: `from` is in it, `to` is not. */
export interface QuietHours {
  readonly from: Temporal.PlainTime;
  readonly to: Temporal.PlainTime;
}

/** A value that is not to be shown. */
export interface Secret {
  reveal(): string;
}

/** Wraps a secret; as text or JSON it reads "[secret]". */
export function secret(value: string): Secret {
  return Object.freeze({ reveal: () => value, toString: () => "[secret]", toJSON: () => "[secret]" });
}
