import { loadConfig, readConfig } from "../../../adapters/config/config.ts";
import { allVariables } from "../../../adapters/config/variables.ts";
import type { Config } from "../../../domain/config.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";

const CA = Deno.readTextFileSync(new URL("../../../fixtures/certificates/ca.pem", import.meta.url));

/** Every variable, set to something else than its default. */
const EVERYTHING = {
  BIND: "127.0.0.1:9000",
  DATA_DIR: "/var/lib/tracker",
  USER_DATA_DIR: "./chromium",
  DASH_USER: "ada",
  DASH_PASS: "dash-password",
  DASH_AUTH: "all",
  ALLOWED_HOSTS: "tracker.lan, tracker.local",
  DASHBOARD_URL: "https://home.example.test/tracker",
  SMTP_HOST: "smtp.gmail.com",
  SMTP_PORT: "465",
  SMTP_USER: "ada@example.test",
  SMTP_PASS: "mail-password",
  SMTP_FROM: "Tracker <tracker@example.test>",
  SMTP_CA_FILE: "./ca.pem",
  ALERT_TO: "ada@example.test, Grace <grace@example.test>",
  WEBHOOK_URL: "https://hooks.example.test/T0/B0",
  WEBHOOK_SECRET: "webhook-secret",
  WEBHOOK_FORMAT: "slack",
  HEARTBEAT_URL: "https://hc.example.test/ping/1",
  THRESHOLDS: "$20, 2.50,7,7.00",
  ALERT_PERCENTS: "100, 50 %",
  QUIET_HOURS: "22:00-07:30",
  HALF_LIFE_DAYS: "3.5",
  PROJECTION_METHOD: "EWMA",
  SPEND_METRIC: "cost_to_you",
  TIME_ZONE: "Europe/Berlin",
  CURSOR_USAGE_URL: "http://127.0.0.1:4000/dashboard/usage",
  CURSOR_ADMIN_URL: "http://127.0.0.1:4001",
  CURSOR_API_KEY: "key_0123456789",
  BROWSER_PATH: "/usr/bin/chromium",
  BROWSER_SANDBOX: "auto",
  LOG_LEVEL: "debug",
  SCRAPE_TIMEOUT_SECONDS: "30",
  STORE_EMAIL: "none",
  CONFIG: "./billing.yaml",
};

/** The configuration of an environment, and of `.env` and other files in a working directory of its own. */
function load(env: Record<string, string> = {}, files: Record<string, string> = {}): Config & { workingDir: string } {
  using dir = tempDir();
  for (const [name, text] of Object.entries(files)) {
    Deno.mkdirSync(`${dir.path}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.writeTextFileSync(`${dir.path}/${name}`, text);
  }
  return { ...loadConfig({ env, workingDir: dir.path }), workingDir: dir.path };
}

/** The faults of a configuration, one a line. */
function faultsOf(env: Record<string, string>, files: Record<string, string> = {}): string[] {
  try {
    load(env, files);
  } catch (error) {
    assert.ok(error instanceof TrackerError);
    assert.equal(error.exitCode, 2);
    assert.ok(error.hint !== null);
    return error.message.split("\n").slice(1).map((line) => line.replace("  - ", ""));
  }
  return [];
}

Deno.test("everything has a default", () => {
  const { workingDir, settings: _, channels, ...config } = load();
  assert.deepEqual(channels.map(({ name, missing, make }) => [name, missing, make()]), [
    ["email", ["SMTP_HOST", "ALERT_TO"], null],
    ["webhook", ["WEBHOOK_URL"], null],
  ]);
  assert.deepEqual({ ...config, usageUrl: config.usageUrl.href, adminUrl: config.adminUrl.href }, {
    bind: { hostname: "0.0.0.0", port: 8787 },
    dataDir: `${workingDir}/data`,
    profileDir: `${workingDir}/profile`,
    dashboard: { user: null, password: null, auth: "writes", allowedHosts: [], url: null },
    heartbeatUrl: null,
    thresholds: [5_000_000, 10_000_000, 15_000_000, 18_000_000],
    alertPercents: [80, 100],
    quietHours: null,
    halfLifeDays: 7,
    projectionMethod: "linear",
    spendMetric: "api_cost",
    timeZone: "UTC",
    usageUrl: "https://cursor.com/dashboard/usage",
    adminUrl: "https://api.cursor.com/",
    apiKey: null,
    browserPath: null,
    browserSandbox: "on",
    logLevel: "info",
    scrapeTimeoutMs: 90_000,
    storeEmail: "hash",
    secrets: [],
    personal: [],
    billing: {
      file: null,
      monthsBack: 2,
      pageSize: 100,
      outputFilename: "billing_dashboard.html",
      topSpendersCount: 20,
      requestDelayMs: 3_000,
      accountId: null,
      accountName: null,
    },
  });
});

Deno.test("every variable is read", () => {
  assert.deepEqual(Object.keys(EVERYTHING).sort(), Object.keys(allVariables()).sort());
  const config = load(EVERYTHING, { "billing.yaml": "billing: { months_back: 6 }", "ca.pem": CA });
  assert.deepEqual(config.bind, { hostname: "127.0.0.1", port: 9000 });
  assert.equal(config.dataDir, "/var/lib/tracker");
  assert.equal(config.profileDir, `${config.workingDir}/chromium`);
  const { password, url } = config.dashboard;
  assert.deepEqual({ ...config.dashboard, password: password?.reveal(), url: url?.href }, {
    user: "ada",
    password: "dash-password",
    auth: "all",
    allowedHosts: ["tracker.lan", "tracker.local"],
    url: "https://home.example.test/tracker/",
  });
  assert.deepEqual(config.channels.map(({ name, missing, domain }) => [name, missing, domain]), [
    ["email", [], "example.test"],
    ["webhook", [], null],
  ]);
  assert.deepEqual(config.channels.map(({ make }) => make()?.target), [
    "ada@example.test, grace@example.test via smtp.gmail.com:465",
    "https://hooks.example.test/…",
  ]);
  assert.deepEqual(config.thresholds, [2_500_000, 7_000_000, 20_000_000]);
  assert.deepEqual([config.halfLifeDays, config.projectionMethod, config.spendMetric], [3.5, "ewma", "cost_to_you"]);
  assert.deepEqual([config.timeZone, config.logLevel, config.scrapeTimeoutMs], ["Europe/Berlin", "debug", 30_000]);
  assert.equal(config.storeEmail, "none");
  assert.equal(config.usageUrl.href, "http://127.0.0.1:4000/dashboard/usage");
  assert.equal(config.adminUrl.href, "http://127.0.0.1:4001/");
  assert.deepEqual([config.browserPath, config.browserSandbox], ["/usr/bin/chromium", "auto"]);
  assert.equal(config.billing.monthsBack, 6);
  assert.deepEqual(config.secrets.map((secret) => secret.reveal()), [
    "dash-password",
    "mail-password",
    "https://hooks.example.test/T0/B0",
    "webhook-secret",
    "https://hc.example.test/ping/1",
    "key_0123456789",
  ]);
  assert.deepEqual([...new Set(config.personal.map((one) => one.reveal()))], [
    "ada",
    "ada@example.test",
    "Tracker <tracker@example.test>",
    "ada@example.test, Grace <grace@example.test>",
    "Grace <grace@example.test>",
  ]);
});

Deno.test("BIND takes IPv6 addresses and a bare port", () => {
  assert.deepEqual(load({ BIND: "[::1]:80" }).bind, { hostname: "::1", port: 80 });
  assert.deepEqual(load({ BIND: ":8080" }).bind, { hostname: "0.0.0.0", port: 8080 });
  for (const BIND of ["8787", "localhost", "::1:80", "host:99999", "http://host:80", "host:80/x"]) {
    assert.equal(faultsOf({ BIND }).length, 1, BIND);
  }
});

Deno.test("all faults are listed together, each with the rule and then the value", () => {
  assert.deepEqual(
    faultsOf({
      BIND: "here",
      SMTP_PORT: "0",
      HALF_LIFE_DAYS: "-1",
      TIME_ZONE: "Mars/Olympus",
      THRESHOLDS: "5,five",
      LOG_LEVEL: "loud",
    }),
    [
      `BIND must be an address and a port, such as 0.0.0.0:8787: current value is "here"`,
      `SMTP_PORT must be a whole number from 1 to 65535: current value is "0"`,
      `THRESHOLDS must be dollars with commas between, such as 5,10,15,18: "five" is none`,
      `HALF_LIFE_DAYS must be a number above 0: current value is "-1"`,
      `TIME_ZONE must be a time zone such as Europe/Berlin or UTC: current value is "Mars/Olympus"`,
      `LOG_LEVEL must be one of debug, info, warn, error: current value is "loud"`,
    ],
  );
});

Deno.test("each variable with a rule refuses what breaks it", () => {
  const wrong: Record<string, readonly string[]> = {
    DASH_AUTH: ["none"],
    SMTP_PORT: ["65536", "25.5", "smtp"],
    SMTP_FROM: ["tracker", "a@b <"],
    ALERT_TO: ["ada@example.test,grace"],
    THRESHOLDS: ["0", "-5", "5;10", "5,,10", ",", "5,10,", "1e3", "5.001"],
    ALERT_PERCENTS: ["0", "1001", "80,x", "80,,100", "12.5", "-80"],
    QUIET_HOURS: ["22-7", "22:00", "22:00-22:00", "24:00-07:00", "22:00-7:00", "22:60-07:00", "night"],
    HALF_LIFE_DAYS: ["0", "week", "1e9", "99999"],
    PROJECTION_METHOD: ["guess"],
    SPEND_METRIC: ["api"],
    CURSOR_USAGE_URL: ["cursor.com", "file:///etc/passwd"],
    CURSOR_ADMIN_URL: ["ftp://api.cursor.com"],
    SCRAPE_TIMEOUT_SECONDS: ["4", "601"],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      // With its partners, so that its own fault is the only one.
      const mail = { SMTP_HOST: "mail.lan", SMTP_FROM: "t@example.test", ALERT_TO: "ada@example.test" };
      const [fault, ...others] = faultsOf({ ...mail, [name]: value });
      assert.ok(fault?.startsWith(`${name} must be `), `${name}=${value}: ${fault}`);
      assert.equal(others.length, 0);
    }
  }
});

Deno.test("quiet hours are two times of day, and 'none' is a list without entries", () => {
  const { quietHours, thresholds, alertPercents } = load({
    QUIET_HOURS: "22:00 - 07:30",
    THRESHOLDS: "none",
    ALERT_PERCENTS: "None",
  });
  assert.deepEqual([String(quietHours?.from), String(quietHours?.to)], ["22:00:00", "07:30:00"]);
  assert.deepEqual([thresholds, alertPercents], [[], []]);
});

Deno.test("an empty variable counts as unset", () => {
  const config = load({ BIND: "", DASH_PASS: "", THRESHOLDS: "", DATA_DIR: "" });
  assert.deepEqual([config.bind.port, config.dashboard.password, config.thresholds.length], [8787, null, 4]);
  assert.equal(config.dataDir, `${config.workingDir}/data`);
});

Deno.test("protecting reads without a password that could let anybody in is a contradiction", () => {
  const fault = "DASH_AUTH=all needs DASH_USER and DASH_PASS: without them nobody could log in";
  assert.deepEqual(faultsOf({ DASH_AUTH: "all" }), [fault]);
  assert.deepEqual(faultsOf({ DASH_AUTH: "all", DASH_USER: "ada" }), [fault]);
  assert.deepEqual(faultsOf({ DASH_AUTH: "all", DASH_USER: "ada", DASH_PASS: "dash-password" }), []);
});

Deno.test("a secret never stands in a fault, nor in a configuration's text or JSON", () => {
  const faults = faultsOf({
    WEBHOOK_URL: "hooks.example.test/secret-path",
    HEARTBEAT_URL: "ftp://secret-path",
    CURSOR_ADMIN_URL: "ftp://user:secret-path@api.cursor.com",
    CURSOR_API_KEY: "secret-path",
    BIND: "nowhere",
  });
  assert.equal(faults.length, 4);
  assert.ok(!faults.join().includes("secret-path"), faults.join());
  const config = load({ DASH_PASS: "secret-path", CURSOR_API_KEY: "secret-path" });
  assert.ok(!JSON.stringify(config).includes("secret-path"));
  assert.ok(!Deno.inspect(config, { depth: 9 }).includes("secret-path"));
  assert.equal(String(config.apiKey), "[secret]");
});

Deno.test("readConfig() goes on with the default of what is faulty, and tells what is set", () => {
  const env = { BIND: "here", TIME_ZONE: "Europe/Berlin", HALF_LIFE_DAYS: "-1", DASH_PASS: "dash-password" };
  const { config, faults, set } = readConfig({ env, workingDir: "/nonexistent" });
  assert.deepEqual(config.bind, { hostname: "0.0.0.0", port: 8787 });
  assert.equal(config.timeZone, "Europe/Berlin");
  assert.deepEqual(faults.map((fault) => fault.split(" ")[0]), ["BIND", "HALF_LIFE_DAYS"]);
  assert.deepEqual([...set].sort(), ["BIND", "DASH_PASS", "HALF_LIFE_DAYS", "TIME_ZONE"]);
});
