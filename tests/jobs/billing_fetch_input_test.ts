import { parseBillingFetchInput } from "../../jobs/billing_fetch.ts";
import assert from "node:assert/strict";

Deno.test("parseBillingFetchInput() reads months and refuses nonsense with exit code 2", () => {
  assert.deepEqual(parseBillingFetchInput(null), { monthsBack: null, force: [] });
  const input = parseBillingFetchInput({ months_back: 6, force: ["01-2026"] });
  assert.deepEqual([input.monthsBack, input.force.map(String)], [6, ["2026-01"]]);
  for (const bad of [{ months_back: 0 }, { months_back: "2" }, { force: "01-2026" }, { force: ["2026-01"] }]) {
    assert.throws(() => parseBillingFetchInput(bad), { exitCode: 2 });
  }
});
