import { ROOT, sourceFiles } from "./source_files.ts";
import assert from "node:assert/strict";

const FOLDERS = /^(?:domain|jobs|adapters|ui|compose)\//;
/** `log.info("run.succeeded"`, `log[level]("shape.changed"`. */
const CALL = /\blog(?:\.(?:debug|info|warn|error)|\[[^\]]+\])\(\s*"([^"]+)"/gi;
/** Past participles that do not end in "ed". */
const IRREGULAR = "set|lost|written|reread|proven|given_up|cut_off|set_aside|asked_for";
/** A thing, and what was done to it or what it did: "alert.acknowledged", "run.cancel_check_failed", "budget.set". */
const NAME = new RegExp(String.raw`^[a-z]+(?:_[a-z]+)*(?<!s)\.(?:[a-z]+_)*(?:[a-z]+ed|${IRREGULAR})$`);
/** States of the server, which last. */
const STATES: readonly string[] = ["serve.listening", "serve.stopping"];

Deno.test("an event of the log is a thing in the singular and a past participle", async () => {
  const files = (await sourceFiles([".ts", ".tsx"])).filter((path) => FOLDERS.test(path));
  const texts = await Promise.all(files.map((path) => Deno.readTextFile(`${ROOT}${path}`)));
  const names = new Set(texts.flatMap((text) => [...text.matchAll(CALL)].map(([, name = ""]) => name)));
  assert.ok(names.size > 40, `events are found: ${names.size}`);
  assert.deepEqual([...names].filter((name) => !NAME.test(name) && !STATES.includes(name)), []);
});

Deno.test("a plural, another tense or no thing at all is found", () => {
  for (const name of ["alerts.acknowledged", "alert.acknowledge", "import.file", "acknowledged"]) {
    assert.ok(!NAME.test(name), name);
  }
});
