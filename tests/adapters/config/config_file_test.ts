import { loadConfig } from "../../../adapters/config/config.ts";
import type { BillingSettings } from "../../../domain/config.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";

const DEFAULTS: Omit<BillingSettings, "file"> = {
  monthsBack: 2,
  pageSize: 100,
  outputFilename: "billing_dashboard.html",
  topSpendersCount: 20,
  requestDelayMs: 3_000,
  accountId: null,
  accountName: null,
};

/** The billing settings of a working directory with these files. */
function load({ files = {}, env = {} }: { files?: Record<string, string>; env?: Record<string, string> } = {}) {
  using dir = tempDir();
  Deno.mkdirSync(`${dir.path}/data`);
  for (const [name, text] of Object.entries(files)) Deno.writeTextFileSync(`${dir.path}/${name}`, text);
  const { file, ...settings } = loadConfig({ env, workingDir: dir.path }).billing;
  // The file in use is the one that was found, if any.
  if (file !== null) assert.ok(file.endsWith(".yaml") || file.endsWith(".yml"), file);
  else assert.ok(!("config.yaml" in files));
  return settings;
}

/** What is wrong with such a config.yaml, one line each. */
function faultsOf(text: string, env: Record<string, string> = {}): string[] {
  try {
    load({ files: { "config.yaml": text }, env });
  } catch (error) {
    assert.ok(error instanceof TrackerError);
    assert.equal(error.exitCode, 2);
    return error.message.split("\n  - ").slice(1);
  }
  return [];
}

Deno.test("without a config.yaml, or without a billing section, the defaults hold", () => {
  assert.deepEqual(load(), DEFAULTS);
  assert.deepEqual(load({ files: { "config.yaml": "" } }), DEFAULTS);
  assert.deepEqual(load({ files: { "config.yaml": "billing:\n" } }), DEFAULTS);
});

Deno.test("config.yaml sets each billing setting, and other sections are ignored", () => {
  const text = `
adoption: { months: 99, page_size: "many" }
billing:
  months_back: 6              # back to September
  page_size: 1000
  output_filename: "team.html"
  top_spenders_count: 5
  request_delay_seconds: 0.5
  account_id: "0042"
  account_name: Example Ltd, Cursor
`;
  assert.deepEqual(load({ files: { "config.yaml": text } }), {
    monthsBack: 6,
    pageSize: 1_000,
    outputFilename: "team.html",
    topSpendersCount: 5,
    requestDelayMs: 500,
    accountId: "0042",
    accountName: "Example Ltd, Cursor",
  });
});

Deno.test("CONFIG comes before the working directory's config.yaml, and that before DATA_DIR's", () => {
  const files = {
    "own.yaml": "billing: { months_back: 3 }",
    "config.yaml": "billing: { months_back: 4 }",
    "data/config.yaml": "billing: { months_back: 5 }",
  };
  assert.equal(load({ files, env: { CONFIG: "own.yaml" } }).monthsBack, 3);
  assert.equal(load({ files }).monthsBack, 4);
  assert.equal(load({ files: { "data/config.yaml": files["data/config.yaml"] } }).monthsBack, 5);
});

Deno.test("every fault of config.yaml is listed together with the environment's", () => {
  const text = `billing:
  months_back: 0
  page_size: 1001
  output_filename: ../../etc/passwd
  top_spenders_count: "20"
  request_delay_seconds: -1
  account_id: 0042
  account_name: ""
  pages: 3
`;
  assert.deepEqual(faultsOf(text, { SMTP_PORT: "mail" }), [
    `SMTP_PORT must be a whole number from 1 to 65535: current value is "mail"`,
    "config.yaml: billing.months_back must be a whole number from 1 to 120: current value is 0",
    "config.yaml: billing.page_size must be a whole number from 1 to 1000: current value is 1001",
    "config.yaml: billing.output_filename must be the name of an HTML file without a folder, such as " +
    `billing_dashboard.html: current value is "../../etc/passwd"`,
    `config.yaml: billing.top_spenders_count must be a whole number from 1 to 1000: current value is "20"`,
    "config.yaml: billing.request_delay_seconds must be from 0 to 600: current value is -1",
    "config.yaml: billing.account_id must be one line of text with 1 to 200 characters, numbers in quotes: current " +
    "value is 42",
    "config.yaml: billing.account_name must be one line of text with 1 to 200 characters, numbers in quotes: current " +
    `value is ""`,
    `config.yaml: billing has no setting "pages": it knows months_back, page_size, output_filename, ` +
    "top_spenders_count, request_delay_seconds, account_id, account_name",
  ]);
});

Deno.test("a config.yaml that is no YAML, or no map, is a fault with its place", () => {
  assert.match(faultsOf("billing: [1")[0] ?? "", /^config\.yaml: .*at line 1, column 12$/);
  assert.match(faultsOf("- billing")[0] ?? "", /^config\.yaml: the file /);
  assert.match(faultsOf("billing: yes please")[0] ?? "", /^config\.yaml: billing must be a section with settings/);
});

Deno.test("a CONFIG that names no file is a fault", () => {
  assert.match(faultsOf("", { CONFIG: "nowhere.yaml" })[0] ?? "", /^CONFIG names no file: .*\/nowhere\.yaml$/);
});
