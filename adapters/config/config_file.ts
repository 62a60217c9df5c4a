import type { BillingSettings } from "../../domain/config.ts";
import { messageOf } from "../../domain/errors.ts";
import { basename } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";

const MAX_TEXT = 200;
const settings = {
  months_back: wholeNumber({ min: 1, max: 120 }).default(2),
  page_size: wholeNumber({ min: 1, max: 1_000 }).default(100),
  output_filename: fileName().default("billing_dashboard.html"),
  top_spenders_count: wholeNumber({ min: 1, max: 1_000 }).default(20),
  request_delay_seconds: z.number({ error: (issue) => rule("a number from 0 to 600", issue.input) })
    .refine((seconds) => seconds >= 0 && seconds <= 600, { error: (issue) => rule("from 0 to 600", issue.input) })
    .default(3),
  account_id: plainText().optional(),
  account_name: plainText().optional(),
};
const KNOWN = Object.keys(settings).join(", ");

const billingSection = z.strictObject(settings, {
  error: (issue) => {
    if (issue.code !== "unrecognized_keys") return rule("a section with settings", issue.input);
    return `has no setting "${issue.keys.join('", "')}": it knows ${KNOWN}`;
  },
});

/** Other sections are other programs' business. */
const document = z.looseObject({ billing: billingSection.nullish() }).nullish();

/** What a configuration file says; `text` is null where there is none. */
export function parseConfigFile(text: string | null, { path, faults }: { path: string; faults: string[] }) {
  const name = basename(path);
  const parsed = document.safeParse(text === null ? null : readYaml(text, { name, faults }));
  for (const { path: place, message } of parsed.error?.issues ?? []) {
    faults.push(`${name}: ${place.length === 0 ? "the file" : place.join(".")} ${message}`);
  }
  return settingsOf(parsed.data?.billing ?? billingSection.parse({}), text === null ? null : path);
}

function readYaml(text: string, { name, faults }: { name: string; faults: string[] }): unknown {
  try {
    const yaml = parseDocument(text, { prettyErrors: true });
    for (const error of yaml.errors) faults.push(`${name}: ${error.message.split("\n")[0]?.replace(/:$/, "")}`);
    return yaml.errors.length === 0 ? yaml.toJS() : null;
  } catch (error) {
    // Such as aliases that would grow without end.
    faults.push(`${name}: ${messageOf(error)}`);
    return null;
  }
}

function settingsOf(section: z.output<typeof billingSection>, file: string | null): BillingSettings {
  return {
    file,
    monthsBack: section.months_back,
    pageSize: section.page_size,
    outputFilename: section.output_filename,
    topSpendersCount: section.top_spenders_count,
    requestDelayMs: Math.round(section.request_delay_seconds * 1000),
    accountId: section.account_id ?? null,
    accountName: section.account_name ?? null,
  };
}

function wholeNumber({ min, max }: { min: number; max: number }) {
  const error = (issue: { readonly input?: unknown }) => rule(`a whole number from ${min} to ${max}`, issue.input);
  return z.number({ error }).refine((value) => Number.isInteger(value) && value >= min && value <= max, { error });
}

/** YAML reads an id such as 0123 as a number, which would lose its zero. */
function plainText() {
  const error = (issue: { readonly input?: unknown }) =>
    rule(`one line of text with 1 to ${MAX_TEXT} characters, numbers in quotes`, issue.input);
  return z.string({ error }).trim().regex(/^[^\p{C}]+$/u, { error }).max(MAX_TEXT, { error });
}

/** In DATA_DIR itself, beside what the program keeps there. */
function fileName() {
  const error = (issue: { readonly input?: unknown }) =>
    rule("the name of an HTML file without a folder, such as billing_dashboard.html", issue.input);
  return z.string({ error }).regex(/^[\p{L}\p{N}_][\p{L}\p{N}_. -]*\.html?$/u, { error });
}

function rule(expected: string, value: unknown): string {
  return `must be ${expected}: current value is ${JSON.stringify(value)}`;
}
