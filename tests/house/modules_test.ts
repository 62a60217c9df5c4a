import { circles, readModule, readModules, unmentioned, unusedExports } from "./modules.ts";
import { isProductFile, sourceFiles } from "./source_files.ts";
import assert from "node:assert/strict";

const modules = readModules(await sourceFiles([".ts", ".tsx"]));
const product = modules.filter(({ path }) => isProductFile(path));

Deno.test("no files import each other in a circle, types included", () => {
  assert.deepEqual(circles(modules), []);
  assert.ok(product.length > 200 && modules.length > product.length + 200);
});

Deno.test("every export is imported by another file", () => {
  assert.deepEqual(unusedExports(modules, modules), []);
});

Deno.test("what the tests alone import is a part of its own file's work", () => {
  const users = modules.filter(({ path }) => !path.startsWith("tests/"));
  // The simulated site is there for the tests.
  const examined = product.filter(({ path }) => !path.startsWith("fixtures/"));
  assert.deepEqual(unmentioned(unusedExports(examined, users), examined), []);
});

Deno.test("circles are found however long they are, by types and by lazy imports too", () => {
  const read = (path: string, ...imports: string[]) => readModule(path, imports.join("\n"));
  const files = [
    read("a.ts", 'import { b } from "./b.ts";', 'import { leaf } from "./leaf.ts";'),
    read("b.ts", 'import type { C } from "./x/c.ts";'),
    read("x/c.ts", 'const { a } = await import("../a.ts");'),
    read("leaf.ts"),
    read("self.ts", 'export * from "./self.ts";'),
    read("into.ts", 'import { a } from "./a.ts";'),
  ];
  assert.deepEqual(circles(files), [["a.ts", "b.ts", "x/c.ts"], ["self.ts"]]);
});

Deno.test("an export is used by its name, by a lazy import, by a type in place, or by whoever takes the whole module", () => {
  const exports = readModule(
    "made.ts",
    "export const a = 1, b = 2; export function c() {} export class D {} export interface E {} export type F = E;\n" +
      "const g = a; export { g as h }; export default g;",
  );
  assert.deepEqual(exports.exports, ["a", "b", "c", "D", "E", "F", "h", "default"]);
  const user = readModule(
    "user.ts",
    'import other, { a as x, type E } from "./made.ts"; export { h } from "./made.ts";\n' +
      'const { c } = await import("./made.ts");',
  );
  assert.deepEqual(unusedExports([exports], [exports, user]), ["made.ts: b", "made.ts: D", "made.ts: F"]);
  assert.deepEqual(unmentioned(["made.ts: b", "made.ts: E"], [exports]), ["made.ts: b"]);
  for (const whole of ['import * as made from "./made.ts";', 'let f: import("./made.ts").F;', 'import("./made.ts");']) {
    assert.deepEqual(unusedExports([exports], [readModule("user.ts", whole)]), [], whole);
  }
});
