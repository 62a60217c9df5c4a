import { formatAge, formatBytes, formatHours } from "../../domain/format.ts";
import assert from "node:assert/strict";

Deno.test("a size has one decimal below ten, and units of 1024", () => {
  const kib = 1024;
  const sizes = [0, 1023, kib, 1.5 * kib, 9.94 * kib, 9.96 * kib, 16 * kib ** 2, 1_500_000, 3 * kib ** 4, 5 * kib ** 5];
  assert.deepEqual(sizes.map((bytes) => formatBytes(bytes).replace("\u00a0", " ")), [
    "0 B",
    "1023 B",
    "1.0 KiB",
    "1.5 KiB",
    "9.9 KiB",
    "10 KiB",
    "16 MiB",
    "1.4 MiB",
    "3.0 TiB",
    "5120 TiB",
  ]);
});

Deno.test("an age is told in whole minutes, hours or days that have passed; one of the future is now", () => {
  const now = Temporal.Instant.from("2026-11-21T20:00:00Z");
  const ages = [-5, 0, 0.9, 1, 59.9, 60, 119, 47 * 60 + 59, 48 * 60, 71 * 60];
  assert.deepEqual(ages.map((minutes) => formatAge(now.subtract({ seconds: minutes * 60 }), now)), [
    "just now",
    "just now",
    "just now",
    "1 min ago",
    "59 min ago",
    "1 h ago",
    "1 h ago",
    "47 h ago",
    "2 days ago",
    "2 days ago",
  ]);
});

Deno.test("a span is rounded to minutes, hours or days", () => {
  assert.deepEqual([-1, 0, 0.5, 0.99, 19.4, 47.4, 48, 60].map(formatHours), [
    "0 min",
    "0 min",
    "30 min",
    "59 min",
    "19 h",
    "47 h",
    "2 days",
    "3 days",
  ]);
});
