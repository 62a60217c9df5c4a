import type { BillingSettings, Setting, SettingSource } from "../../domain/config.ts";
import { parseConfigFile } from "./config_file.ts";
import type { Variables } from "./variable.ts";

/** What was found in which place: names with their values as written. */
interface Found {
  /** All that there are. */
  readonly variables: Variables;
  /** The process's own variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same with those of the `.env` files. */
  readonly all: Readonly<Record<string, string>>;
  /** DATA_DIR as it is used. */
  readonly dataDir: string;
  readonly billing: BillingSettings;
}

/** Every setting with its value and where that comes from; what is secret is only told to be set. */
export function settingsOf({ variables, environment, all, dataDir, billing }: Found): Setting[] {
  const ofVariables = Object.entries(variables).map(([name, variable]): Setting => {
    const source = sourceOf(name, { environment, all });
    const given = name === "DATA_DIR" ? dataDir : all[name] ?? variable.default;
    const isHidden = (variable.isSecret ?? false) || (variable.isHidden ?? false);
    const isSet = source === "secret file" || (given ?? "") !== "";
    return { name, value: isHidden || !isSet ? null : withoutLogin(given ?? ""), isHidden, isSet, source };
  });
  return [...ofVariables, ...billingSettings(billing)];
}

function sourceOf(name: string, { environment, all }: Pick<Found, "environment" | "all">): SettingSource {
  if (environment[name] !== undefined) return "environment";
  if (all[name] !== undefined) return ".env";
  return all[`${name}_FILE`] === undefined ? "default" : "secret file";
}

/** An address may carry a login in front of its host. */
function withoutLogin(text: string): string {
  return text.replaceAll(/\/\/[^/@\s]*@/g, "//…@");
}

/** A value that equals the default counts as that, wherever it is written. */
function billingSettings(billing: BillingSettings): Setting[] {
  const unset = inWords(parseConfigFile(null, { path: "", faults: [] }));
  return Object.entries(inWords(billing)).map(([name, value]) => {
    const source = value === unset[name] ? "default" : "config.yaml";
    return { name: `billing.${name}`, value, isHidden: false, isSet: true, source };
  });
}

function inWords(billing: BillingSettings): Record<string, string> {
  return {
    months_back: String(billing.monthsBack),
    page_size: String(billing.pageSize),
    output_filename: billing.outputFilename,
    top_spenders_count: String(billing.topSpendersCount),
    request_delay_seconds: String(billing.requestDelayMs / 1_000),
  };
}
