import assert from "node:assert/strict";

Deno.test("the lint rule of the house finds a function of more than 60 lines", async () => {
  const { default: plugin } = await import("../../tools/lint_plugin.ts");
  const body = (lines: number) => `export function long() {\n${"  work();\n".repeat(lines - 2)}}\n`;
  assert.equal(Deno.lint.runPlugin(plugin, "fits.ts", body(60)).length, 0);
  const [found] = Deno.lint.runPlugin(plugin, "long.ts", body(61));
  assert.equal(found?.message, "A function has at most 60 lines: this one has 61");
});
