import assert from "node:assert/strict";
import { ROOT, sourceFiles } from "./source_files.ts";

const MAX_LINES = 300;

Deno.test("no source file is longer than 300 lines", async () => {
  const files = await sourceFiles([".ts", ".tsx", ".js", ".css"]);
  assert.ok(files.length > 100);
  const tooLong: string[] = [];
  for (const path of files) {
    const lines = (await Deno.readTextFile(`${ROOT}${path}`)).split("\n").length - 1;
    if (lines > MAX_LINES) tooLong.push(`${path}: ${lines}`);
  }
  assert.deepEqual(tooLong, []);
});

Deno.test("the lint rule of the house finds a function of more than 60 lines", async () => {
  const { default: plugin } = await import("../../tools/lint_plugin.ts");
  const body = (lines: number) => `export function long() {\n${"  work();\n".repeat(lines - 2)}}\n`;
  assert.equal(Deno.lint.runPlugin(plugin, "fits.ts", body(60)).length, 0);
  const [found] = Deno.lint.runPlugin(plugin, "long.ts", body(61));
  assert.equal(found?.message, "A function has at most 60 lines: this one has 61");
});
