import type { ParsedPayload } from "../../../domain/capture/capture.ts";
import { isJsonObject, type Json } from "../../../domain/json.ts";
import { driftBetween, payloadFingerprint } from "../../../domain/readers/drift.ts";
import { normalize, type Normalized, RECOGNIZERS } from "../../../domain/readers/normalize.ts";
import { propertyRuns } from "../property_runs.ts";
import { CAPTURED_AT, EVERY_SHAPE, json } from "./payloads.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

const ENDPOINTS = EVERY_SHAPE.flatMap((payload) => payload.kind === "html" ? [] : [payload.endpoint]);
const NUMBERS = new Set(numbersOf(EVERY_SHAPE.map((payload) => payload.kind === "html" ? [] : payload.body)));

/** Values that Cursor, or a damaged payload, may hold in place of any other. */
const strange: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    "",
    "-",
    "NaN",
    "Infinity",
    "0x10",
    "1e999",
    "Included",
    "$",
    "-5",
    -5,
    -0.01,
    1e21,
    2 ** 53,
  ),
  fc.constantFrom<Json>(true, {}, [], [[]], { a: null }, "9999-99-99", "+275760-09-13T00:00:00Z", "999999999999999"),
  fc.jsonValue().map((value) => value as Json), // JSON by construction
);

/** One change at a random place: a field is dropped, replaced, nested deeper, doubled, or its list cut off. */
interface Change {
  readonly place: number;
  readonly how: "drop" | "retype" | "nest" | "truncate" | "rename" | "text";
  readonly value: Json;
}

const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(200),
  how: fc.constantFrom("drop", "retype", "nest", "truncate", "rename", "text"),
  value: strange,
});

function mutate(body: Json, { place, how, value }: Change): Json {
  let left = place % Math.max(1, countOf(body));
  const visit = (node: Json): Json | undefined => {
    if (left-- === 0) {
      if (how === "drop") return undefined;
      if (how === "retype") return value;
      if (how === "nest") return { nested: node };
      if (how === "text") return typeof node === "number" ? String(node) : node;
      if (how === "truncate") {
        return Array.isArray(node) ? node.slice(0, node.length / 2) : String(node).slice(0, 3);
      }
      return isJsonObject(node)
        ? Object.fromEntries(Object.entries(node).map(([key, each]) => [`${key}New`, each]))
        : node;
    }
    if (Array.isArray(node)) return node.map(visit).filter((each) => each !== undefined);
    if (!isJsonObject(node)) return node;
    return Object.fromEntries(
      Object.entries(node).flatMap(([key, each]) => {
        const changed = visit(each);
        return changed === undefined ? [] : [[key, changed]];
      }),
    );
  };
  return visit(body) ?? null;
}

function countOf(node: Json): number {
  if (node === null || typeof node !== "object") return 1;
  return 1 + Object.values(node).reduce<number>((sum, each) => sum + countOf(each), 0);
}

/** Every number in a value, however deep; text that holds a figure counts too. */
function numbersOf(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(numbersOf);
}

/** No figure is NaN, infinite, or below zero; an invoice may hold a credit. */
function assertSane({ usage, windows, limits, invoices }: Normalized): void {
  const charged = windows.flatMap(({ events }) =>
    events.map(({ at: _, kind: __, cost, ...event }) => [event, cost.api])
  );
  for (const figure of numbersOf([usage?.rows, usage?.pools, charged, limits])) {
    assert.ok(Number.isFinite(figure) && figure >= 0, `figure ${figure}`);
  }
  for (const amount of numbersOf(invoices.map(({ items }) => items))) assert.ok(Number.isSafeInteger(amount));
  for (const { tokens } of usage?.rows ?? []) {
    const sum = tokens.inputWithCacheWrite + tokens.inputWithoutCacheWrite + tokens.cacheRead + tokens.output;
    assert.ok(tokens.total >= sum, "the total holds its parts");
  }
  for (const { charged, costBasis } of windows.flatMap(({ events }) => events)) {
    assert.equal(charged !== null, costBasis === "billed");
  }
}

function bodiesOf(payload: ParsedPayload): Json {
  return payload.kind === "html" ? null : payload.body;
}

Deno.test("random JSON under any endpoint is never thrown at, and never becomes a figure that is no number", () => {
  const cases = fc.tuple(fc.constantFrom(...ENDPOINTS), strange, strange);
  fc.assert(
    fc.property(cases, ([endpoint, body, request]) => {
      const payload = json(endpoint, body, request);
      assertSane(normalize([payload, null], CAPTURED_AT));
      assert.deepEqual(driftBetween(payloadFingerprint(payload), { now: payloadFingerprint(payload) }).retyped, []);
    }),
    { numRuns: propertyRuns(10_000) },
  );
});

Deno.test("a payload of any shape with fields dropped, retyped, nested, cut off or renamed is never misread", () => {
  const needs = RECOGNIZERS.flatMap((recognizer) => recognizer.needs);
  const cases = fc.record({
    place: fc.nat(EVERY_SHAPE.length - 1),
    changes: fc.array(change, { minLength: 1, maxLength: 3 }),
    others: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, ({ place, changes, others }) => {
      const payload = EVERY_SHAPE[place] ?? null;
      if (payload === null || payload.kind === "html") return;
      const body = changes.reduce<Json>(mutate, payload.body);
      const mutated = { ...payload, body };
      const normalized = normalize(others ? EVERY_SHAPE.with(place, mutated) : [mutated], CAPTURED_AT);
      assertSane(normalized);
      driftBetween(payloadFingerprint(payload), { now: payloadFingerprint(mutated), needs });
    }),
    { numRuns: propertyRuns(10_000) },
  );
});

Deno.test("a page's table with any text in its cells and headings is never misread", () => {
  const page = EVERY_SHAPE.at(-1);
  assert.ok(page?.kind === "html");
  const [table] = page.page.tables;
  assert.ok(table !== undefined);
  const text = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom("-5", "$-1", "NaN", "1e400", "Included", "9.9B", "²"),
  );
  const cases = fc.record({
    cells: fc.array(fc.tuple(fc.nat(7), text), { maxLength: 3 }),
    headings: fc.array(fc.tuple(fc.nat(7), text), { maxLength: 1 }),
    words: fc.oneof(fc.constant(page.page.text), fc.constantFrom("Nov 31 – Dec 99", "0000-00-00 – 9999-99-99"), text),
  });
  fc.assert(
    fc.property(cases, ({ cells, headings, words }) => {
      const row = cells.reduce<string[]>((row, [at, cell]) => row.with(at, cell), [...(table.rows[0] ?? [])]);
      const names = headings.reduce<string[]>((names, [at, name]) => names.with(at, name), [...table.headings]);
      const mutated: ParsedPayload = {
        kind: "html",
        page: { text: words, tables: [{ headings: names, rows: [row] }] },
      };
      assertSane(normalize([mutated], CAPTURED_AT));
    }),
    { numRuns: propertyRuns(10_000) },
  );
});

Deno.test("dropping fields never invents a figure: every amount and count is one that the payload holds", () => {
  const [aggregated] = EVERY_SHAPE;
  assert.ok(aggregated !== undefined);
  const told = new Set([0, 1200, 340, 56, 7800, 11, 22, 1_234_567, 15_000]);
  const drops = fc.array(fc.nat(40).map((place): Change => ({ place, how: "drop", value: null })), { maxLength: 5 });
  fc.assert(
    fc.property(drops, (changes) => {
      const body = changes.reduce<Json>(mutate, bodiesOf(aggregated));
      const { usage } = normalize([json("get-aggregated-usage-events", body)], CAPTURED_AT);
      for (const { tokens: { total: _, ...parts }, apiCost } of usage?.rows ?? []) {
        for (const figure of numbersOf([parts, apiCost])) assert.ok(told.has(figure), `figure ${figure}`);
        assert.notEqual(apiCost, 0, "a cost that is not told is unknown");
      }
    }),
    { numRuns: propertyRuns(10_000) },
  );
});

Deno.test("numbers spelled as text, and rows in another order, give the same figures", () => {
  const respell = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });
  const expected = figuresOf(EVERY_SHAPE);
  assert.ok(NUMBERS.size > 20);
  fc.assert(
    fc.property(respell, fc.boolean(), (choices, isReversed) => {
      let at = 0;
      const spell = (node: Json): Json => {
        if (typeof node === "number") return choices[at++ % choices.length] === true ? String(node) : node;
        if (typeof node === "string" && /^\d{1,9}$/.test(node)) {
          return choices[at++ % choices.length] === true ? Number(node) : node;
        }
        if (Array.isArray(node)) return node.map(spell);
        return isJsonObject(node)
          ? Object.fromEntries(Object.entries(node).map(([key, each]) => [key, spell(each)]))
          : node;
      };
      const respelled = EVERY_SHAPE.map((each) => each.kind === "html" ? each : { ...each, body: spell(each.body) });
      assert.deepEqual(figuresOf(isReversed ? respelled.toReversed() : respelled), expected);
    }),
    { numRuns: propertyRuns(1000) },
  );
});

function figuresOf(payloads: readonly ParsedPayload[]): string {
  const { usage, windows, limits, invoices, problems } = normalize(payloads, CAPTURED_AT);
  return JSON.stringify([usage, windows, [...limits].sort((a, b) => a.name < b.name ? -1 : 1), invoices, problems]);
}
