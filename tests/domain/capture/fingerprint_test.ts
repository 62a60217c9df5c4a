import { sha256Hex, stableJson, tableHash } from "../../../domain/capture/table_hash.ts";
import type { UsageRow } from "../../../domain/capture/usage.ts";
import { cycleOfDates, UNKNOWN_CYCLE } from "../../../domain/cycle.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { micros } from "../../../domain/money.ts";
import { normalize } from "../../../domain/readers/normalize.ts";
import { CYCLE, usageRow } from "./rows.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

const CAPTURED_AT = Temporal.Instant.from("2026-11-21T19:00:00Z");
/** `sha256sum` of the stable JSON of fixtures/payloads/rows.json, written out by hand. */
const ROWS_JSON_HASH = "dcf924c33cba289aa91942e4896899070e728f5acd45d829a818b213889fad92";

const arbitraryRow = fc.record({
  model: fc.string({ minLength: 1, maxLength: 12 }),
  input: fc.nat(1_000_000),
  cacheRead: fc.nat(1_000_000),
  apiCost: fc.option(fc.nat(1_000_000_000)),
}).map(({ model, input, cacheRead, apiCost }) =>
  usageRow({
    model,
    tokens: { inputWithoutCacheWrite: input, cacheRead, total: input + cacheRead },
    apiCost: apiCost === null ? null : micros(apiCost),
  })
);

/** The hash that the flat shape comes to. */
function hashOfFlatRows(body: JsonObject): Promise<string> {
  const { usage } = normalize([{ kind: "network_json", endpoint: "rows", request: null, body }], CAPTURED_AT);
  assert.ok(usage !== null, "the rows were not recognized");
  return tableHash(usage);
}

function flatTable(rows: JsonObject[]): JsonObject {
  return { billing_period_start: "2026-11-10", billing_period_end: "2026-12-10", rows };
}

Deno.test("stableJson() sorts keys at every depth and writes no white space", () => {
  assert.equal(stableJson({ b: [1, { d: null, c: "x" }], a: true }), '{"a":true,"b":[1,{"c":"x","d":null}]}');
  assert.equal(stableJson([]), "[]");
  assert.equal(stableJson({}), "{}");
  assert.equal(stableJson('a"b\n'), '"a\\"b\\n"');
  assert.equal(stableJson({ "10": 1, "9": 2 }), '{"10":1,"9":2}');
});

Deno.test("sha256Hex() is the SHA-256 of the text's UTF-8 bytes", async () => {
  assert.equal(await sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(await sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

Deno.test("tableHash() of rows.json is the sha256sum of its stable JSON", async () => {
  const url = new URL("../../../fixtures/payloads/rows.json", import.meta.url);
  assert.equal(await hashOfFlatRows(JSON.parse(await Deno.readTextFile(url))), ROWS_JSON_HASH);
});

Deno.test("tableHash() of an empty table of an unknown cycle is a hash like any other", async () => {
  const expected = "dc1f3e367e903795d1854e0ff0df6889754801a0d93abfc0e6dcbdfc25730332";
  assert.equal(await tableHash({ cycle: UNKNOWN_CYCLE, rows: [] }), expected);
});

Deno.test("property: tableHash() does not depend on the order of the rows", async () => {
  const table = fc.array(arbitraryRow, { maxLength: 6 })
    .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })));
  await fc.assert(fc.asyncProperty(table, async ([rows, shuffled]) => {
    assert.equal(await tableHash({ cycle: CYCLE, rows: shuffled }), await tableHash({ cycle: CYCLE, rows }));
  }));
});

Deno.test("property: tableHash() does not depend on the order of a payload's keys", async () => {
  const row = { model: "m", input_tokens: 5, cache_read: 7, output: 11, cache_write: 2, cost: "$0.10" };
  const hash = await hashOfFlatRows(flatTable([row]));
  const entries = fc.shuffledSubarray(Object.entries(row), { minLength: 6 });
  await fc.assert(fc.asyncProperty(entries, async (shuffled) => {
    assert.equal(await hashOfFlatRows(flatTable([Object.fromEntries(shuffled)])), hash);
  }));
});

Deno.test("tableHash() does not depend on how a number is spelled", async () => {
  const row = { model: "m", cache_write: 0, input_tokens: 2048, cache_read: 0, output: 3, cost: "$1,234.50" };
  const hash = await hashOfFlatRows(flatTable([row]));
  for (const spelling of ["2048", "2,048", " 2048 ", 2.048e3]) {
    assert.equal(await hashOfFlatRows(flatTable([{ ...row, input_tokens: spelling }])), hash, String(spelling));
  }
  for (const cost of ["1234.5", 1234.5, "$1234.50", "1,234.500 USD"]) {
    assert.equal(await hashOfFlatRows(flatTable([{ ...row, cost }])), hash, String(cost));
  }
  assert.equal(await hashOfFlatRows(flatTable([{ ...row, total_tokens: "2,051" }])), hash, "a total that is told");
});

Deno.test("tableHash() changes with every figure, the model, the cost basis and the period", async () => {
  const row = usageRow({ model: "m", apiCost: micros(10), costToYou: micros(0), costBasis: "included" });
  const cycle = CYCLE;
  const changed: UsageRow[] = [
    { ...row, model: "n" },
    ...Object.keys(row.tokens).map((kind) => ({ ...row, tokens: { ...row.tokens, [kind]: 99 } })),
    { ...row, apiCost: micros(11) },
    { ...row, apiCost: null },
    { ...row, costToYou: micros(1) },
    { ...row, costToYou: null },
    { ...row, costBasis: "unknown" },
  ];
  const cycles = [
    UNKNOWN_CYCLE,
    cycleOfDates(Temporal.PlainDate.from("2026-10-10"), cycle.end),
    cycleOfDates(cycle.start, Temporal.PlainDate.from("2026-12-11")),
  ];
  const tables = [
    { cycle, rows: [row] },
    { cycle, rows: [] },
    { cycle, rows: [row, row] },
    ...changed.map((one) => ({ cycle, rows: [one] })),
    ...cycles.map((other) => ({ cycle: other, rows: [row] })),
  ];
  const hashes = await Promise.all(tables.map(tableHash));
  assert.equal(new Set(hashes).size, 17);
  assert.equal(tables.length, 17);
});

Deno.test("tableHash() goes by the cycle's dates, not by its hour", async () => {
  const startAt = Temporal.Instant.from("2026-11-10T12:05:41Z");
  const rows = [usageRow({ model: "m" })];
  assert.equal(await tableHash({ cycle: { ...CYCLE, startAt }, rows }), await tableHash({ cycle: CYCLE, rows }));
});
