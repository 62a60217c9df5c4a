import { assertSame } from "./assert_same.ts";
import assert from "node:assert/strict";

Deno.test("assertSame() tells Temporal values apart, however deep they lie", () => {
  const at = (day: string) => ({ list: [{ date: Temporal.PlainDate.from(day) }] });
  assertSame(at("2026-11-01"), at("2026-11-01"));
  assert.throws(() => assertSame(at("2026-11-01"), at("2026-11-02")), assert.AssertionError);
});

Deno.test("assertSame() tells null, undefined, zero and NaN apart", () => {
  assertSame([null, NaN], [null, NaN]);
  for (const other of [undefined, 0, NaN]) {
    assert.throws(() => assertSame([null], [other]), assert.AssertionError);
  }
});
