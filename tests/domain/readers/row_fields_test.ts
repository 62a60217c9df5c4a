import { UnreadableField } from "../../../domain/fields.ts";
import { micros } from "../../../domain/money.ts";
import { columnOf, type Cost, costs, rowOf, tokenCounts } from "../../../domain/readers/row.ts";
import assert from "node:assert/strict";

const NONE = { inputWithCacheWrite: null, inputWithoutCacheWrite: null, cacheRead: null, output: null, total: null };

/** The two costs of a row with or without tokens: API cost, cost to you, basis. */
function costsOf(api: Cost, toYou: Cost, { hasTokens = true } = {}) {
  const { apiCost, costToYou, costBasis } = costs(tokenCounts({ ...NONE, output: hasTokens ? 10 : 0 }), api, toYou);
  return [apiCost, costToYou, costBasis];
}

Deno.test("columnOf() knows the page's headings in any case, spacing and punctuation", () => {
  const headings = {
    "MODEL": "model",
    "INPUT (W/ CACHE WRITE)": "inputWithCacheWrite",
    "Input (w/o Cache Write)": "inputWithoutCacheWrite",
    "Input  (without cache write)": "inputWithoutCacheWrite",
    "CACHE READ": "cacheRead",
    "OUTPUT": "output",
    "Output Tokens": "output",
    "TOTAL TOKENS": "total",
    "API COST": "apiCost",
    "COST TO YOU": "costToYou",
  };
  for (const [heading, column] of Object.entries(headings)) assert.equal(columnOf(heading), column, heading);
});

Deno.test("columnOf() knows the keys of the JSON shapes and no others", () => {
  const keys = {
    modelIntent: "model",
    cacheWriteTokens: "inputWithCacheWrite",
    input_with_cache_write_tokens: "inputWithCacheWrite",
    inputTokens: "inputWithoutCacheWrite",
    input_without_cache_write_tokens: "inputWithoutCacheWrite",
    cacheReadTokens: "cacheRead",
    total_tokens: "total",
    totalCents: "apiCost",
    api_cost_cents: "apiCost",
    cost_to_you: "costToYou",
  };
  for (const [key, column] of Object.entries(keys)) assert.equal(columnOf(key), column, key);
  for (const key of ["", "tier", "requests", "models", "inputs", "kind"]) assert.equal(columnOf(key), null, key);
});

Deno.test("tokenCounts() takes a missing count for zero and adds up a missing total", () => {
  assert.deepEqual(tokenCounts({ ...NONE, inputWithCacheWrite: 1_024, cacheRead: 65_000, output: 412 }), {
    inputWithCacheWrite: 1_024,
    inputWithoutCacheWrite: 0,
    cacheRead: 65_000,
    output: 412,
    total: 66_436,
  });
  assert.equal(tokenCounts(NONE).total, 0);
});

Deno.test("tokenCounts() never makes the total smaller than its parts, and keeps one that stands alone", () => {
  assert.equal(tokenCounts({ ...NONE, output: 10, cacheRead: 5, total: 12 }).total, 15);
  assert.equal(tokenCounts({ ...NONE, output: 10, cacheRead: 5, total: 20 }).total, 20);
  assert.equal(tokenCounts({ ...NONE, total: 99 }).total, 99);
});

Deno.test("a zero or missing API cost beside tokens is unknown, not free", () => {
  assert.deepEqual(costsOf(micros(0), micros(0)), [null, null, "unknown"]);
  assert.deepEqual(costsOf(null, null), [null, null, "unknown"]);
  assert.deepEqual(costsOf(null, micros(0)), [null, null, "unknown"]);
  assert.deepEqual(costsOf("included", "included"), [null, 0, "unknown"]);
});

Deno.test("without tokens a zero or missing cost is zero", () => {
  assert.deepEqual(costsOf(micros(0), micros(0), { hasTokens: false }), [0, 0, "included"]);
  assert.deepEqual(costsOf(null, null, { hasTokens: false }), [0, 0, "included"]);
});

Deno.test("a known API cost is included until something is to be paid on top", () => {
  assert.deepEqual(costsOf(micros(5_000), micros(0)), [5_000, 0, "included"]);
  assert.deepEqual(costsOf(micros(5_000), "included"), [5_000, 0, "included"]);
  assert.deepEqual(costsOf(micros(5_000), null), [5_000, null, "included"]);
  assert.deepEqual(costsOf(micros(5_000), micros(700)), [5_000, 700, "billed"]);
});

Deno.test("what is billed stays known where the API cost is not told", () => {
  assert.deepEqual(costsOf(null, micros(190_000)), [null, 190_000, "unknown"]);
  assert.deepEqual(costsOf(micros(0), micros(190_000)), [null, 190_000, "unknown"]);
});

Deno.test("rowOf() reads cents only where the field's name says so", () => {
  const tokens = { input_tokens: "1", cache_read: "2", output: "3" };
  assert.equal(rowOf({ ...tokens, api_cost_cents: 2018 }, "m").apiCost, 20_180_000);
  assert.equal(rowOf({ ...tokens, totalCents: 40.167 }, "m").apiCost, 401_670);
  assert.equal(rowOf({ ...tokens, api_cost: 20.18 }, "m").apiCost, 20_180_000);
  assert.equal(rowOf({ ...tokens, "API COST": "$1,234.56" }, "m").apiCost, 1_234_560_000);
  assert.equal(rowOf({ ...tokens, api_cost_cents: "$20.18" }, "m").apiCost, 20_180_000);
});

Deno.test("rowOf() names the field that it cannot read as the payload names it", () => {
  const isNamed = (error: unknown) => error instanceof UnreadableField && /'Cache Read'/.test(error.message);
  assert.throws(() => rowOf({ "Cache Read": "lots", output: 1 }, "m"), isNamed);
});
