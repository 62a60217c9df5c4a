import type { UsageEvent } from "../../../domain/events/event.ts";
import { readCsvEvents } from "../../../domain/readers/csv.ts";
import assert from "node:assert/strict";

/** Files as lists of cells; the first list is the header, on line 1. */
function read(lines: readonly (readonly string[])[], self: string | null = null) {
  return readCsvEvents(lines.map((cells, at) => ({ line: at + 1, cells })), { file: "usage.csv", self });
}

async function readOne(header: string, cells: readonly string[]): Promise<UsageEvent> {
  const { events, faults } = await read([header.split(","), cells]);
  assert.deepEqual(faults, []);
  assert.equal(events.length, 1);
  const [event] = events;
  assert.ok(event !== undefined);
  return event;
}

const V2 =
  "Date,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost";
const V3 = V2.replace("Kind", "Cloud Agent ID,Automation ID,Kind");
const AT = "2026-02-03T04:05:06.789Z";

Deno.test("generation usage-details: the total alone is known, and 'Included' is no amount", async () => {
  const event = await readOne("Date,User,Kind,Max Mode,Model,Tokens,Cost ($)", [
    AT,
    "You",
    "Included in Pro",
    "Yes",
    "auto",
    "2747",
    "Included",
  ]);
  assert.equal(event.at.toString(), AT);
  assert.equal(event.user, null);
  assert.equal(event.model, "auto");
  assert.equal(event.maxMode, true);
  assert.deepEqual(event.tokens, {
    inputWithCacheWrite: null,
    inputWithoutCacheWrite: null,
    cacheRead: null,
    output: null,
    total: 2747,
  });
  assert.deepEqual([event.cost.api, event.charged, event.costBasis], [null, null, "included"]);
  assert.equal(event.saidIncluded, true);
});

Deno.test("generation usage-tokens: four token columns, the last named 'Output'", async () => {
  const header =
    "Date,User,Kind,Model,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output,Total Tokens,Cost ($)";
  const event = await readOne(header, [AT, "You", "Included in Pro", "auto", "5", "700", "1000", "20", "1725", "0.04"]);
  assert.deepEqual(event.tokens, {
    inputWithCacheWrite: 5,
    inputWithoutCacheWrite: 700,
    cacheRead: 1000,
    output: 20,
    total: 1725,
  });
  assert.deepEqual([event.cost.api, event.charged, event.costBasis], [40_000, null, "included"]);
});

Deno.test("generation with 'Cost to you' has no kinds: that column tells what is billed", async () => {
  const header =
    "Date,Model,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost,Cost to you";
  const row = [AT, "model-a", "1", "2", "3", "4", "10"];
  const billed = await readOne(header, [...row, "$0.50", "$0.60"]);
  const free = await readOne(header, [...row, "$0.50", "$0.00"]);
  const zeroed = await readOne(header, [...row, "0", "0"]);
  assert.deepEqual([billed.cost.api, billed.charged, billed.costBasis], [500_000, 600_000, "billed"]);
  assert.deepEqual([free.cost.api, free.charged, free.costBasis], [500_000, null, "included"]);
  assert.deepEqual([zeroed.cost.api, zeroed.charged, zeroed.costBasis], [null, null, "unknown"]);
});

Deno.test("generation with Kind and Max Mode: a numeric cost beside an errored event is not charged", async () => {
  const event = await readOne(V2, [AT, "Errored, Not Charged", "auto", "No", "1", "2", "3", "4", "10", "0.19"]);
  assert.deepEqual([event.kind.kind, event.kind.text], ["errored", "Errored, Not Charged"]);
  assert.deepEqual([event.cost.api, event.cost.stated, event.charged], [190_000, 190_000, null]);
});

Deno.test("generation with agent and automation ids: usage-based cost is billed, blank tokens are unknown", async () => {
  const billed = await readOne(V3, [AT, "bc-1", "a-1", "Usage-based", "m", "No", "1", "2", "3", "4", "10", "$0.003"]);
  const blank = await readOne(V3, [AT, "", "", "Included", "m", "No", "", "", "", "", "", "Free"]);
  assert.deepEqual([billed.charged, billed.costBasis], [3000, "billed"]);
  assert.deepEqual([blank.tokens.total, blank.cost.api, blank.costBasis], [null, null, "included"]);
});

Deno.test("generation of request plans: request units are not money", async () => {
  const header = V3.replace(/Cost$/, "Requests");
  const requests: (number | null)[] = [];
  for (const cell of ["2", "0.5", "0", "-", "Free", ""]) {
    const event = await readOne(header, [AT, "", "", "Included", "m", "No", "1", "2", "3", "4", "10", cell]);
    assert.deepEqual([event.cost.api, event.cost.stated, event.charged], [null, null, null], cell);
    requests.push(event.requests);
  }
  assert.deepEqual(requests, [2, 0.5, 0, null, 0, null]);
});

Deno.test("generation of teams: events have users, and the owner's own name is no user", async () => {
  const header = `${V3.replace("Date", "Date,User")}`.split(",");
  const row = (user: string) => [AT, user, "", "", "Included", "m", "No", "1", "2", "3", "4", "10", "0.01"];
  const { events } = await read([header, row("ann@example.org"), row("Me@Example.org"), row("You")], "me@example.org");
  assert.deepEqual(events.map(({ user }) => user), ["ann@example.org", null, null]);
});

Deno.test("the JSON's model 'default' is the CSV's 'auto'", async () => {
  const event = await readOne(V2, [AT, "Included", "default", "No", "1", "2", "3", "4", "10", "-"]);
  assert.equal(event.model, "auto");
});

Deno.test("a zero cost beside tokens is unknown, not free", async () => {
  const event = await readOne(V2, [AT, "On-Demand", "m", "No", "1", "2", "3", "4", "10", "$0.00"]);
  assert.deepEqual([event.cost.api, event.charged, event.costBasis], [null, null, "unknown"]);
});

Deno.test("a row that cannot be read is told by file, line, reason and remedy, and the rest is read", async () => {
  const good = [AT, "Included", "m", "No", "1", "2", "3", "4", "10", "0.01"];
  const { events, faults } = await read([
    V2.split(","),
    good,
    good.with(0, "yesterday"),
    good.with(8, "11"),
    good.with(9, "-1"),
    good.with(4, "-1"),
    good.slice(0, 5),
    good.with(2, " "),
  ]);
  assert.equal(events.length, 1);
  assert.deepEqual(faults.map(({ file, line, what }) => `${file}:${line}: ${what}`), [
    `usage.csv:3: Cannot read 'Date' as it must be ISO 8601 text or epoch milliseconds: current value is "yesterday"`,
    "usage.csv:4: Cannot read 'Total Tokens' as it must be the sum of the row's tokens (10): current value is 11",
    `usage.csv:5: Cannot read 'Cost' as it must be an amount of zero or more: current value is "-1"`,
    `usage.csv:6: Cannot read 'inputWithCacheWrite' as it must be a count of zero or more: current value is "-1"`,
    "usage.csv:7: A row must have 10 cells: current value is 5",
    `usage.csv:8: Cannot read 'Model' as it must be a model's name: current value is ""`,
  ]);
  assert.ok(faults.every(({ hint }) => hint !== ""));
});

Deno.test("a file's events were read when its newest one happened", async () => {
  const row = (date: string) => [date, "Included", "m", "No", "1", "2", "3", "4", "10", "0.01"];
  const { events } = await read([
    V2.split(","),
    row(AT),
    row("2026-02-05T00:00:00.000Z"),
    row("2026-02-01T00:00:00.000Z"),
  ]);
  assert.deepEqual(new Set(events.map(({ cost }) => cost.readAt.toString())), new Set(["2026-02-05T00:00:00Z"]));
});

Deno.test("a file that is no event export is not read at all", async () => {
  assert.equal((await read([["name", "amount"], ["a", "1"]])).origin, null);
  assert.equal((await read([])).origin, null);
});
