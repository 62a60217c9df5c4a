import { isStale } from "../../../domain/capture/usage.ts";
import { UNKNOWN_CYCLE } from "../../../domain/cycle.ts";
import { CYCLE } from "./rows.ts";
import assert from "node:assert/strict";

const instant = (text: string) => Temporal.Instant.from(text);

Deno.test("figures are fresh for 130 minutes after their last check", () => {
  const snapshot = { lastCheckedAt: instant("2026-11-21T19:00:00Z"), cycle: CYCLE };
  assert.equal(isStale(snapshot, instant("2026-11-21T19:00:00Z")), false);
  assert.equal(isStale(snapshot, instant("2026-11-21T21:10:00Z")), false);
  assert.equal(isStale(snapshot, instant("2026-11-21T21:10:01Z")), true);
});

Deno.test("figures of a cycle that has ended are stale, however new they are", () => {
  const snapshot = { lastCheckedAt: instant("2026-12-09T23:59:00Z"), cycle: CYCLE };
  assert.equal(isStale(snapshot, instant("2026-12-09T23:59:59Z")), false);
  assert.equal(isStale(snapshot, instant("2026-12-10T00:00:00Z")), true);
});

Deno.test("figures of an unknown cycle go stale by their check alone", () => {
  const snapshot = { lastCheckedAt: instant("2026-11-21T19:00:00Z"), cycle: UNKNOWN_CYCLE };
  assert.equal(isStale(snapshot, instant("2026-11-21T20:00:00Z")), false);
  assert.equal(isStale(snapshot, instant("2026-11-22T19:00:00Z")), true);
});
