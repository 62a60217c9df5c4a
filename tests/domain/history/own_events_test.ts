import { UNKNOWN_TOKENS } from "../../../domain/events/event.ts";
import { ownEvents } from "../../../domain/history/own_events.ts";
import { assertSame } from "../../assert_same.ts";
import { makeEvent, tokens, totalOnly } from "../events/make_event.ts";

Deno.test("ownEvents() leaves other people's events out", () => {
  const events = [makeEvent({ user: "ann@example.com" }), makeEvent({ model: "mine" })];
  assertSame([...ownEvents(events)].map(({ model }) => model), ["mine"]);
});

Deno.test("ownEvents() takes what is billed as cost to you, and nothing of what is included", () => {
  const events = [
    makeEvent({ kind: "usage_based", api: 50_000, stated: 60_000 }),
    makeEvent({ kind: "included", api: 50_000, stated: 60_000 }),
    makeEvent({ kind: "usage_based", api: null, stated: null }),
    makeEvent({ kind: "unspecified", api: 50_000 }),
    makeEvent({ kind: "errored", api: 4_110_000, stated: 4_110_000 }),
  ];
  assertSame([...ownEvents(events)].map(({ apiCost, costToYou }) => [apiCost, costToYou]), [
    [50_000, 60_000],
    [50_000, 0],
    [null, null],
    [50_000, null],
    [0, 0],
  ]);
});

Deno.test("ownEvents() keeps a total that no kind of token explains", () => {
  const events = [tokens(1, 2, 3, 4), totalOnly(7), UNKNOWN_TOKENS].map((tokens) => makeEvent({ tokens }));
  assertSame([...ownEvents(events)].map(({ tokens }) => [tokens.output, tokens.total]), [[4, 10], [0, 7], [0, 0]]);
});
