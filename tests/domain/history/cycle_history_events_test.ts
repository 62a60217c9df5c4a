import { CycleHistory, type CycleHistoryOptions } from "../../../domain/history/cycle_history.ts";
import type { SnapshotFigures } from "../../../domain/history/figures.ts";
import type { OwnEvent } from "../../../domain/history/own_events.ts";
import { ZERO } from "../../../domain/money.ts";
import { assertSame } from "../../assert_same.ts";
import { brief, dollars, eventSource, instant, row, snapshot } from "./snapshots.ts";

function historyOf(snapshots: readonly SnapshotFigures[], options: Partial<CycleHistoryOptions> = {}): CycleHistory {
  const history = new CycleHistory({ timeZone: "UTC", ...options });
  for (const each of snapshots) history.add(each);
  return history;
}

function event(at: string, model: string, apiCost: number | null): OwnEvent {
  return { at: instant(at), model, tokens: row(model, 0).tokens, apiCost: dollars(apiCost), costToYou: ZERO };
}

Deno.test("events decide the day of what they explain, the rest is spread", () => {
  // $8 in 48 h: $5 were asked for on November 3; the other $3 are spread, 12 h + 24 h + 12 h.
  const snapshots = [
    snapshot("2026-11-02T12:00Z", []),
    snapshot("2026-11-04T12:00Z", [row("opus", 8)]),
  ];
  const events = [event("2026-11-03T08:00Z", "opus", 5), event("2026-11-03T09:00Z", "haiku", 9)];
  assertSame(brief(historyOf(snapshots, { eventsOf: eventSource(events) }).days()), [
    "2026-11-02 opus ~0.75",
    "2026-11-03 opus ~6.5",
    "2026-11-04 opus ~0.75",
  ]);
});

Deno.test("events that explain the whole delta leave nothing to estimate", () => {
  const snapshots = [
    snapshot("2026-11-02T12:00Z", []),
    snapshot("2026-11-04T12:00Z", [row("opus", 8, { output: 20 })]),
  ];
  const events = [event("2026-11-02T13:00Z", "opus", 3), event("2026-11-04T12:00Z", "opus", 5)];
  assertSame(brief(historyOf(snapshots, { eventsOf: eventSource(events) }).days()), [
    "2026-11-02 opus 3",
    "2026-11-04 opus 5",
  ]);
});

Deno.test("events of more than the delta share it in proportion", () => {
  const snapshots = [
    snapshot("2026-11-02T12:00Z", []),
    snapshot("2026-11-04T12:00Z", [row("opus", 6, { output: 20 })]),
  ];
  const events = [event("2026-11-02T13:00Z", "opus", 3), event("2026-11-04T11:00Z", "opus", 9)];
  assertSame(brief(historyOf(snapshots, { eventsOf: eventSource(events) }).days()), [
    "2026-11-02 opus ~1.5",
    "2026-11-04 opus ~4.5",
  ]);
});

Deno.test("events of unknown cost do not decide about cost", () => {
  const snapshots = [snapshot("2026-11-02T12:00Z", []), snapshot("2026-11-03T12:00Z", [row("opus", 6)])];
  const events = [event("2026-11-03T11:00Z", "opus", null)];
  const [first, second] = historyOf(snapshots, { eventsOf: eventSource(events) }).days();
  assertSame([first?.apiCost, second?.apiCost], [dollars(3), dollars(3)]);
  assertSame([first?.tokens.output, second?.tokens.output], [0, 10]);
});

Deno.test("events decide about all the time that a cost was not told", () => {
  // $4 and ten tokens since noon of November 1, told by noon of November 3: all was asked for on November 2.
  const snapshots = [
    snapshot("2026-11-01T12:00Z", [row("opus", 5)]),
    snapshot("2026-11-01T13:00Z", [row("opus", null)]),
    snapshot("2026-11-03T11:00Z", [row("opus", null, { output: 20 })]),
    snapshot("2026-11-03T12:00Z", [row("opus", 9, { output: 20 })]),
  ];
  const events = [event("2026-11-02T08:00Z", "opus", 4)];
  assertSame(
    historyOf(snapshots, { eventsOf: eventSource(events) }).days().map(({ date, apiCost }) => `${date} ${apiCost}`),
    [
      "2026-11-01 5000000",
      "2026-11-02 4000000",
    ],
  );
});
