import { loadConfig } from "../../../adapters/config/config.ts";
import { allVariables } from "../../../adapters/config/variables.ts";
import type { Setting } from "../../../domain/config.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";

function settings(env: Record<string, string>, files: Record<string, string> = {}): Record<string, Setting> {
  using dir = tempDir();
  for (const [name, text] of Object.entries(files)) Deno.writeTextFileSync(`${dir.path}/${name}`, text);
  return Object.fromEntries(loadConfig({ env, workingDir: dir.path }).settings.map((one) => [one.name, one]));
}

/** A setting's value and where it comes from. */
const brief = (one: Setting | undefined) => one === undefined ? [] : [one.value, one.isSet, one.source];

Deno.test("every variable is a setting, with where its value comes from", () => {
  const found = settings(
    { LOG_LEVEL: "debug", CURSOR_API_KEY_FILE: "key" },
    {
      ".env": "LOG_LEVEL=warn\nTIME_ZONE=Europe/Berlin\nDASH_PASS=hidden",
      key: "key_1",
      "config.yaml": "billing: { page_size: 50 }",
    },
  );
  for (const name of Object.keys(allVariables())) assert.ok(name in found, name);
  assert.deepEqual(brief(found["LOG_LEVEL"]), ["debug", true, "environment"]);
  assert.deepEqual(brief(found["TIME_ZONE"]), ["Europe/Berlin", true, ".env"]);
  assert.deepEqual(brief(found["DASH_PASS"]), [null, true, ".env"]);
  assert.deepEqual(brief(found["CURSOR_API_KEY"]), [null, true, "secret file"]);
  assert.deepEqual(brief(found["THRESHOLDS"]), ["5,10,15,18", true, "default"]);
  assert.deepEqual(brief(found["SMTP_HOST"]), [null, false, "default"]);
  assert.deepEqual(brief(found["ALLOWED_HOSTS"]), [null, false, "default"]);
  assert.deepEqual(brief(found["billing.page_size"]), ["50", true, "config.yaml"]);
  assert.deepEqual(brief(found["billing.months_back"]), ["2", true, "default"]);
});

Deno.test("a login within an address is not shown", () => {
  const found = settings({ CURSOR_ADMIN_URL: "http://me:hunter2@api.example/x" });
  assert.deepEqual(brief(found["CURSOR_ADMIN_URL"]), ["http://…@api.example/x", true, "environment"]);
});
