import { csvCell, jsonCell, safeText, unsafeText } from "../../../domain/tables/table.ts";
import assert from "node:assert/strict";

Deno.test("no text begins like a formula, and each can be read back", () => {
  for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "＝1", "＋1", "－1", "＠1"]) {
    assert.equal(safeText(text), `'${text}`);
    assert.equal(csvCell("text", text), `'${text}`);
    assert.equal(unsafeText(safeText(text)), text);
  }
  assert.equal(safeText("claude"), "claude");
  assert.equal(unsafeText("'tis"), "'tis");
});

Deno.test("dollars keep all their digits, and unknown is empty or null", () => {
  assert.equal(csvCell("dollars", 40_167), "0.040167");
  assert.equal(csvCell("dollars", 1_234_500_000), "1234.500000");
  assert.equal(csvCell("dollars", -20_000), "-0.020000");
  assert.equal(csvCell("dollars", null), "");
  assert.equal(jsonCell("dollars", 40_167), "0.040167");
  assert.equal(jsonCell("dollars", null), "null");
});

Deno.test("counts and flags are written as they are", () => {
  assert.deepEqual([csvCell("integer", 0), csvCell("boolean", false), csvCell("number", 0.5)], ["0", "false", "0.5"]);
  assert.deepEqual([jsonCell("integer", 0), jsonCell("boolean", false), jsonCell("text", `"`)], [
    "0",
    "false",
    `"\\""`,
  ]);
});
