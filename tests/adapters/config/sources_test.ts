import { loadConfig } from "../../../adapters/config/config.ts";
import { secretNames } from "../../../adapters/config/variable.ts";
import { allVariables } from "../../../adapters/config/variables.ts";
import type { Config, Secret } from "../../../domain/config.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";

/** The configuration of an environment and of the files of a working directory. */
function load({ env = {}, files = {} }: { env?: Record<string, string>; files?: Record<string, string> }): Config {
  using dir = tempDir();
  Deno.mkdirSync(`${dir.path}/data`);
  for (const [name, text] of Object.entries(files)) Deno.writeTextFileSync(`${dir.path}/${name}`, text);
  return loadConfig({ env, workingDir: dir.path });
}

Deno.test(".env is read from the working directory, then from DATA_DIR", () => {
  const config = load({
    files: {
      ".env": "# mine\nLOG_LEVEL=debug\nDASH_USER='ada l'\n",
      "data/.env": "LOG_LEVEL=error\nTIME_ZONE=Europe/Berlin\n",
    },
  });
  assert.deepEqual([config.logLevel, config.dashboard.user, config.timeZone], ["debug", "ada l", "Europe/Berlin"]);
});

Deno.test(".env never overrides what is set", () => {
  const files = { ".env": "LOG_LEVEL=debug", "data/.env": "LOG_LEVEL=error" };
  assert.equal(load({ env: { LOG_LEVEL: "warn" }, files }).logLevel, "warn");
  assert.equal(load({ env: { LOG_LEVEL: "" }, files }).logLevel, "debug");
});

Deno.test("DATA_DIR may be set in the first .env, and not from within itself", () => {
  using other = tempDir();
  Deno.writeTextFileSync(`${other.path}/.env`, "LOG_LEVEL=error\nDATA_DIR=/nowhere");
  const config = load({ files: { ".env": `DATA_DIR=${other.path}` } });
  assert.deepEqual([config.dataDir, config.logLevel], [other.path, "error"]);
});

Deno.test("each secret can stand in a file of its own, without its line's end", () => {
  const needed: Record<string, Record<string, string>> = {
    SMTP_PASS: { SMTP_USER: "ada@gmail.com", ALERT_TO: "ada@gmail.com" },
    WEBHOOK_SECRET: { WEBHOOK_URL: "https://hooks.example.test/x" },
  };
  const names = secretNames(allVariables());
  assert.equal(names.length, 6);
  for (const name of names) {
    const value = name.endsWith("URL") ? "https://hooks.example.test/x" : "file secret";
    const config = load({
      env: { ...needed[name], [`${name}_FILE`]: "./secret.txt" },
      files: { "secret.txt": `${value}\n` },
    });
    assert.equal(config.secrets.at(-1)?.reveal(), value, name);
    assert.equal(config.settings.find((one) => one.name === name)?.source, "secret file");
    const own: Record<string, Secret | null> = {
      DASH_PASS: config.dashboard.password,
      HEARTBEAT_URL: config.heartbeatUrl,
      CURSOR_API_KEY: config.apiKey,
    };
    if (name in own) assert.equal(own[name]?.reveal(), value, name);
  }
});

Deno.test("a secret of its own variable is taken before that of its file", () => {
  const env = { DASH_PASS: "of the variable", DASH_PASS_FILE: "./secret.txt" };
  assert.equal(load({ env, files: { "secret.txt": "of the file" } }).dashboard.password?.reveal(), "of the variable");
});

Deno.test("a secret's file that the environment names is not overridden by .env, in either spelling", () => {
  const env = { DASH_PASS_FILE: "./mine.txt" };
  const files = { "mine.txt": "mine", "theirs.txt": "theirs" };
  for (const line of ["DASH_PASS=theirs", "DASH_PASS_FILE=./theirs.txt"]) {
    assert.equal(load({ env, files: { ...files, ".env": line } }).dashboard.password?.reveal(), "mine", line);
    assert.equal(load({ env, files: { ...files, "data/.env": line } }).dashboard.password?.reveal(), "mine", line);
  }
});

Deno.test("a secret's file that is missing, empty or no file is a fault that names it, not a missing secret", () => {
  const faultOf = (file: string) => {
    try {
      load({ env: { SMTP_PASS_FILE: file }, files: { "empty.txt": " \n" } });
      return null;
    } catch (error) {
      assert.ok(error instanceof TrackerError);
      return error.message;
    }
  };
  assert.match(faultOf("./absent.txt") ?? "", /SMTP_PASS_FILE names no file: .*\/absent\.txt/);
  assert.match(faultOf("./empty.txt") ?? "", /SMTP_PASS_FILE names an empty file: .*\/empty\.txt/);
  assert.match(faultOf("./data") ?? "", /SMTP_PASS_FILE cannot be read at .*\/data/);
});

Deno.test("an .env that cannot be read is a fault, and one that is missing is none", () => {
  using dir = tempDir();
  Deno.mkdirSync(`${dir.path}/.env`);
  assert.throws(() => loadConfig({ env: {}, workingDir: dir.path }), /\.env cannot be read at .*\/\.env/);
});

Deno.test("a data folder that is no folder is left for those who open it", () => {
  assert.match(load({ env: { DATA_DIR: "./file" }, files: { file: "" } }).dataDir, /\/file$/);
});

Deno.test("secrets that systemd hands over are read, and give way to a variable that is set", () => {
  using dir = tempDir();
  Deno.writeTextFileSync(`${dir.path}/tracker_DASH_PASS`, "from-a-credential\n");
  const sources = (env: Record<string, string>) => ({
    env: { CREDENTIALS_DIRECTORY: dir.path, ...env },
    workingDir: dir.path,
  });
  assert.equal(loadConfig(sources({})).dashboard.password?.reveal(), "from-a-credential");
  assert.equal(
    loadConfig(sources({ DASH_PASS: "from-the-variable" })).dashboard.password?.reveal(),
    "from-the-variable",
  );
  assert.equal(loadConfig(sources({})).apiKey, null);
});
