import { UNKNOWN_TOKENS, type UsageEvent } from "../../../domain/events/event.ts";
import { readCsvEvents } from "../../../domain/readers/csv.ts";
import { EVENT_EXPORT_COLUMNS } from "../../../domain/tables/events.ts";
import { csvCell } from "../../../domain/tables/table.ts";
import { makeEvent, totalOnly } from "../events/make_event.ts";
import assert from "node:assert/strict";

const HEADER = EVENT_EXPORT_COLUMNS.map(({ name }) => name);

function eventCells(event: UsageEvent): string[] {
  return EVENT_EXPORT_COLUMNS.map(({ type, value }) => csvCell(type, value(event)));
}

Deno.test("what is exported is imported again without a loss", async () => {
  const events = [
    makeEvent({ kind: "usage_based", api: 401_670, stated: 373_303, source: "dashboard" }),
    makeEvent({ user: "=ann@example.org", model: "-model", tokens: totalOnly(7), api: null, saidIncluded: true }),
    makeEvent({ tokens: UNKNOWN_TOKENS, kind: "unknown", api: 3 }),
  ];
  const records = [HEADER, ...events.map(eventCells)].map((cells, at) => ({ line: at + 1, cells }));
  const read = await readCsvEvents(records, { file: "events.csv" });
  assert.deepEqual(read.faults, []);
  assert.equal(read.origin, "tracker");
  assert.deepEqual(JSON.parse(JSON.stringify(read.events)), JSON.parse(JSON.stringify(events)));
});

Deno.test("money is written in dollars with six digits, unknown as an empty cell", () => {
  const cells = Object.fromEntries(
    eventCells(makeEvent({ api: 40_167, stated: null })).map((cell, at) => [HEADER[at], cell]),
  );
  assert.deepEqual([cells["api_cost_usd"], cells["stated_usd"], cells["charged_usd"]], ["0.040167", "", ""]);
});

Deno.test("a damaged row of our own export is told by line", async () => {
  const cells = eventCells(makeEvent());
  const records = [HEADER, cells.with(3, "gift"), cells.slice(1)].map((each, at) => ({ line: at + 1, cells: each }));
  const { faults, events } = await readCsvEvents(records, { file: "events.csv" });
  assert.equal(events.length, 0);
  assert.deepEqual(faults.map(({ line }) => line), [2, 3]);
});

Deno.test("an export of another version, with columns more, fewer or in another order, is imported too", async () => {
  const event = makeEvent({ kind: "usage_based", api: 401_670, stated: 373_303 });
  const names = [...HEADER.filter((name) => name !== "charged_usd"), "price_version"].toReversed();
  const byName = new Map(HEADER.map((name, at) => [name, eventCells(event)[at] ?? ""]));
  const records = [names, names.map((name) => byName.get(name) ?? "7")].map((cells, at) => ({ line: at + 1, cells }));
  const { events, faults, origin } = await readCsvEvents(records, { file: "events.csv" });
  assert.deepEqual([faults, origin], [[], "tracker"]);
  assert.deepEqual(JSON.parse(JSON.stringify(events)), [JSON.parse(JSON.stringify(event))]);
  const incomplete = names.filter((name) => name !== "kind_read_at");
  assert.equal((await readCsvEvents([{ line: 1, cells: incomplete }], { file: "events.csv" })).origin, null);
});
