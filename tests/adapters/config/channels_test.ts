import { mailSettings } from "../../../adapters/channels/email/email.ts";
import { webhookSettings } from "../../../adapters/channels/webhook/webhook.ts";
import { loadConfig } from "../../../adapters/config/config.ts";
import type { Config } from "../../../domain/config.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";

const CA_FILE = new URL("../../../fixtures/certificates/ca.pem", import.meta.url).pathname;
const MAIL = {
  SMTP_HOST: "mail.lan",
  SMTP_USER: "ada@example.test",
  SMTP_PASS: "password",
  ALERT_TO: "ada@example.test",
};

function load(env: Record<string, string>): Config {
  using dir = tempDir();
  return loadConfig({ env, workingDir: dir.path });
}

/** The mail that an environment without a fault configures. */
function mailOf(env: Record<string, string>) {
  assert.deepEqual(faultsOf(env), []);
  return mailSettings(env, { path: (text) => text });
}

function faultsOf(env: Record<string, string>): string[] {
  try {
    load(env);
  } catch (error) {
    assert.ok(error instanceof TrackerError);
    assert.equal(error.exitCode, 2);
    return error.message.split("\n").slice(1).map((line) => line.replace("  - ", ""));
  }
  return [];
}

Deno.test("a user of Gmail needs a password and somebody to send to, and no more", () => {
  const mail = mailOf({ SMTP_USER: "ada@gmail.com", SMTP_PASS: "abcd efgh ijkl mnop", ALERT_TO: "ada@gmail.com" });
  assert.deepEqual([mail.host, mail.port, mail.from], ["smtp.gmail.com", 587, "ada@gmail.com"]);
  const own = mailOf({ ...MAIL, SMTP_USER: "ada@gmail.com" });
  assert.equal(own.host, "mail.lan");
});

Deno.test("the sender is SMTP_FROM, else SMTP_USER", () => {
  assert.equal(mailOf(MAIL).from, "ada@example.test");
  assert.equal(mailOf({ ...MAIL, SMTP_FROM: "Tracker <t@example.test>" }).from, "Tracker <t@example.test>");
  const relay = { SMTP_HOST: "mail.lan", SMTP_FROM: "t@example.test", ALERT_TO: "ada@example.test" };
  assert.deepEqual([mailOf(relay).user, mailOf(relay).from], [null, "t@example.test"]);
});

Deno.test("a half configured mail is a fault at start, not an alert that nobody gets", () => {
  const cases: [Record<string, string>, RegExp[]][] = [
    [{ ALERT_TO: "ada@example.test" }, [/^ALERT_TO needs SMTP_HOST/]],
    [{ SMTP_HOST: "mail.lan", SMTP_FROM: "t@example.test" }, [/^SMTP_HOST needs ALERT_TO/]],
    [{ ...MAIL, SMTP_PASS: "" }, [/^SMTP_USER needs SMTP_PASS/]],
    [{ ...MAIL, SMTP_USER: "" }, [/^SMTP_PASS needs SMTP_USER/, /^SMTP_HOST needs SMTP_FROM/]],
    [{ ...MAIL, SMTP_USER: "ada" }, [/^SMTP_HOST needs SMTP_FROM/]],
    [{ SMTP_USER: "ada@gmail.com" }, [/^SMTP_USER needs SMTP_PASS/, /^SMTP_USER needs ALERT_TO/]],
    [{ WEBHOOK_SECRET: "long enough" }, [/^WEBHOOK_SECRET needs WEBHOOK_URL/]],
    [{ WEBHOOK_FORMAT: "slack" }, [/^WEBHOOK_FORMAT needs WEBHOOK_URL/]],
  ];
  for (const [env, expected] of cases) {
    const faults = faultsOf(env);
    assert.equal(faults.length, expected.length, faults.join());
    expected.forEach((pattern, index) => assert.match(faults[index] ?? "", pattern));
  }
});

Deno.test("a fault of one variable hides none between others, and a secret's file counts as set", () => {
  assert.deepEqual(faultsOf({ SMTP_PORT: "0", SMTP_USER: "ada", WEBHOOK_FORMAT: "teams" }), [
    'SMTP_PORT must be a whole number from 1 to 65535: current value is "0"',
    'WEBHOOK_FORMAT must be one of slack, json: current value is "teams"',
    "SMTP_USER needs SMTP_PASS: nobody logs in without one",
    "SMTP_USER needs ALERT_TO: without it nobody would get an alert",
    "WEBHOOK_FORMAT needs WEBHOOK_URL: without it nothing is posted",
  ]);
  assert.deepEqual(faultsOf({ ...MAIL, SMTP_PASS: "", SMTP_PASS_FILE: "/nowhere/password" }), [
    "SMTP_PASS_FILE names no file: /nowhere/password",
  ]);
});

Deno.test("SMTP_CA_FILE must be there and hold certificates", () => {
  using dir = tempDir();
  Deno.writeTextFileSync(`${dir.path}/text.pem`, "no certificate");
  Deno.writeTextFileSync(`${dir.path}/odd.pem`, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  assert.equal(mailOf({ ...MAIL, SMTP_CA_FILE: CA_FILE }).caFile, CA_FILE);
  assert.deepEqual(faultsOf({ ...MAIL, SMTP_CA_FILE: `${dir.path}/gone.pem` }), [
    `SMTP_CA_FILE cannot be read at ${dir.path}/gone.pem: NotFound`,
  ]);
  for (const name of ["text.pem", "odd.pem"]) {
    assert.deepEqual(faultsOf({ ...MAIL, SMTP_CA_FILE: `${dir.path}/${name}` }), [
      `SMTP_CA_FILE must be a PEM file of certificates: ${dir.path}/${name} is none`,
    ]);
  }
});

Deno.test("malformed hosts, addresses and URLs are faults, each once", () => {
  const wrong: Record<string, readonly string[]> = {
    SMTP_HOST: ["smtp://mail.lan", "mail.lan:587", "mail lan", "user@mail.lan", "mail.lan/", "..."],
    ALERT_TO: [
      "ada",
      "ada@",
      "@example.test",
      "a@b@c.test",
      "ada@-.test",
      "ada@example..test",
      "Ada <ada@example.test",
      "Ada\r\nBcc: eve@example.test <ada@example.test>",
      "team: ada@example.test;",
    ],
    DASHBOARD_URL: [
      "home.lan",
      "ftp://home.lan",
      "http://ada:pass@home.lan",
      "http://home.lan/?a=1",
      "http://home.lan/#x",
    ],
    WEBHOOK_SECRET: ["whsec_", "whsec_not base64!"],
    WEBHOOK_FORMAT: ["teams"],
  };
  const around = { ...MAIL, WEBHOOK_URL: "https://hooks.example.test/1" };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const [fault, ...others] = faultsOf({ ...around, [name]: value });
      assert.ok(fault?.startsWith(`${name} must be `), `${name}=${value}: ${fault}`);
      assert.deepEqual(others, [], value);
    }
  }
});

Deno.test("addresses with names, quotes, commas and letters of all languages are taken", () => {
  const to = `ada@example.test, "Hopper, Grace" <grace@example.test>, Zoë <zoë@bücher.example>, root@localhost`;
  assert.deepEqual(mailOf({ ...MAIL, ALERT_TO: to }).to, [
    "ada@example.test",
    `"Hopper, Grace" <grace@example.test>`,
    "Zoë <zoë@bücher.example>",
    "root@localhost",
  ]);
});

Deno.test("Slack's own addresses get Slack's format, unless told otherwise", () => {
  const format = (env: Record<string, string>) => {
    assert.deepEqual(faultsOf(env), []);
    return webhookSettings(env).format;
  };
  assert.equal(format({ WEBHOOK_URL: "https://hooks.slack.com/services/T0/B0/x" }), "slack");
  assert.equal(format({ WEBHOOK_URL: "https://hooks.slack.com/services/T0/B0/x", WEBHOOK_FORMAT: "json" }), "json");
  assert.equal(format({ WEBHOOK_URL: "https://chat.example.test/hooks/x" }), "json");
  assert.equal(format({ WEBHOOK_URL: "https://chat.example.test/hooks/x", WEBHOOK_FORMAT: "SLACK" }), "slack");
  assert.equal(format({ WEBHOOK_URL: "https://hooks.slack.com.evil.test/x" }), "json");
});
