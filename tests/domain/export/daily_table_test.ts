import assert from "node:assert/strict";
import { csvCell, tableOf } from "../../../domain/export/columns.ts";
import { DAILY_EXPORT_COLUMNS, daysOfEvents } from "../../../domain/export/daily_table.ts";
import { UNKNOWN_TOKENS } from "../../../domain/events.ts";
import { makeEvent } from "../make_event.ts";

function linesOf(events: Parameters<typeof daysOfEvents>[0], timeZone: string): string[] {
  const { columns, rows } = tableOf(DAILY_EXPORT_COLUMNS, daysOfEvents(events, timeZone));
  return Array.from(rows, (row) => row.map((cell, at) => csvCell(columns[at]?.type ?? "text", cell)).join(","));
}

Deno.test("a day sums what is known, and counts what is not", () => {
  const events = [
    makeEvent({ at: "2026-11-20T22:00:00Z", kind: "usage_based", api: 400_000, stated: 360_000 }),
    makeEvent({ at: "2026-11-20T23:30:00Z", api: null }),
    makeEvent({ at: "2026-11-22T00:00:00Z", kind: "usage_based", api: null, tokens: UNKNOWN_TOKENS }),
  ];
  assert.deepEqual(linesOf(events, "UTC"), [
    "2026-11-20,2,200,0,0.400000,1,0.360000,0,billed included",
    "2026-11-22,1,,1,,1,,1,unknown",
  ]);
});

Deno.test("days are those of the time zone", () => {
  const events = ["2026-11-20T22:00:00Z", "2026-11-20T23:30:00Z"].map((at) => makeEvent({ at }));
  assert.deepEqual(linesOf(events, "Europe/Berlin").map((line) => line.slice(0, 12)), ["2026-11-20,1", "2026-11-21,1"]);
});
