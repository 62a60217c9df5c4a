import type { UsageRow } from "../../../domain/capture/usage.ts";
import { type BillingCycle, cycleBetween, cycleOfDates } from "../../../domain/cycle.ts";
import type { SnapshotFigures } from "../../../domain/history/figures.ts";
import type { ModelDay } from "../../../domain/history/model_history.ts";
import type { OwnEvent, OwnEventSource } from "../../../domain/history/own_events.ts";
import { type Micros, microsFromDollars } from "../../../domain/money.ts";

/** Dollars as micro-dollars; null stays null. */
export function dollars(amount: number): Micros;
export function dollars(amount: number | null): Micros | null;
export function dollars(amount: number | null): Micros | null {
  if (amount === null) return null;
  const value = microsFromDollars(amount);
  if (value === null) throw new Error(`no amount: ${amount}`);
  return value;
}

/** A row of a model: its API cost in dollars, output tokens (10 unless told), and its cost to you (0 unless told). */
export function row(
  model: string,
  apiCost: number | null,
  { output = 10, costToYou = 0 }: { output?: number; costToYou?: number | null } = {},
): UsageRow {
  return {
    model,
    tokens: { inputWithCacheWrite: 0, inputWithoutCacheWrite: 0, cacheRead: 0, output, total: output },
    apiCost: dollars(apiCost),
    costToYou: dollars(costToYou),
    costBasis: apiCost === null ? "unknown" : "included",
  };
}

export const instant = (text: string): Temporal.Instant => Temporal.Instant.from(text);
export const date = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);

/** A cycle between two dates, midnight UTC to midnight UTC. */
export const dates = (start: string, end: string): BillingCycle => cycleOfDates(date(start), date(end));
/** A cycle between two moments. */
export const moments = (start: string, end: string): BillingCycle => cycleBetween(instant(start), instant(end));

export const NOVEMBER: BillingCycle = dates("2026-11-01", "2026-12-01");

/** A snapshot in November 2026 unless told, checked last when it was captured unless told. */
export function snapshot(
  capturedAt: string,
  rows: readonly UsageRow[],
  { checkedAt = capturedAt, cycle = NOVEMBER }: { checkedAt?: string; cycle?: BillingCycle } = {},
): SnapshotFigures {
  return { capturedAt: instant(capturedAt), lastCheckedAt: instant(checkedAt), cycle, rows };
}

/** Events as a store reads them: from inclusive, to exclusive. */
export function eventSource(events: readonly OwnEvent[]): OwnEventSource {
  return ({ from, to }) =>
    events.filter(({ at }) => Temporal.Instant.compare(at, from) >= 0 && Temporal.Instant.compare(at, to) < 0);
}

/** Days in short: "2026-11-02 opus 1.5", with "?" for an unknown API cost and "~" before an estimate. */
export function brief(days: readonly ModelDay[]): string[] {
  return days.map(({ date, model, apiCost, estimated }) =>
    `${date} ${model} ${estimated ? "~" : ""}${apiCost === null ? "?" : apiCost / 1_000_000}`
  );
}
