import type { TokenCounts, UsageRow } from "../usage.ts";
import type { DayFigures } from "./event_index.ts";
import { type Figures, microsOrNull, TOKEN_PARTS, type TokenPart, tokenPart, tokensOfParts } from "./figures.ts";
import type { Gap } from "./gap.ts";
import { Series } from "./series.ts";

const COSTS = ["apiCost", "costToYou"] as const;
type Cost = typeof COSTS[number];

/** One model's figures on one local day. */
export interface ModelDay extends Figures {
  readonly date: Temporal.PlainDate;
  readonly model: string;
  /** Whether a figure is a share of a gap over several days rather than what was seen on this one. */
  readonly estimated: boolean;
}

/** What the history around a model knows about a gap. */
export interface Surroundings {
  readonly gap: Gap;
  /** The same gap, begun at an earlier moment. */
  gapSince(from: Temporal.Instant): Gap;
  /** The model's events in a gap, by day. */
  eventsWithin(gap: Gap): DayFigures;
}

/** One model over one cycle: a series for each part of its tokens and each of its costs. */
export class ModelHistory {
  readonly #parts = new Map<TokenPart, Series>(TOKEN_PARTS.map((part) => [part, new Series()]));
  readonly #costs = new Map<Cost, Series>(COSTS.map((cost) => [cost, new Series()]));
  #tokens: TokenCounts | null = null;
  /** The last check that found the model gone; null while it is in the table. */
  #missingSince: Temporal.Instant | null = null;

  /** Whether the newest snapshot has the model. The days of one that vanished do not count until it comes back. */
  get isPresent(): boolean {
    return this.#missingSince === null;
  }

  /** Notes that a snapshot no longer has the model; `lastSeenAt` is the last check that still had it. */
  vanish(lastSeenAt: Temporal.Instant, touched: Set<string>): void {
    this.#missingSince = lastSeenAt;
    for (const date of this.#dates()) touched.add(date);
  }

  /** Takes in the model's row of a snapshot. What it grew by while it was missing came in all that time. */
  tell(row: UsageRow, around: Surroundings, touched: Set<string>): void {
    const missingSince = this.#missingSince;
    if (missingSince !== null) { for (const date of this.#dates()) touched.add(date); }
    this.#missingSince = null;
    const gap = missingSince === null ? around.gap : around.gapSince(missingSince);
    const events = around.eventsWithin(gap);
    const wasUsed = this.#tokens === null || this.#tokens.total !== row.tokens.total;
    for (const [part, series] of this.#parts) {
      const sizes = sizesOf(events, ({ tokens }) => tokenPart(tokens, part));
      series.tell({ value: tokenPart(row.tokens, part), gap, events: sizes, wasUsed }, touched);
    }
    for (const [cost, series] of this.#costs) {
      const since = series.untoldSince;
      const costGap = since === null ? gap : around.gapSince(since);
      const known = since === null ? events : around.eventsWithin(costGap);
      const sizes = sizesOf(known, (figures) => figures[cost] ?? 0);
      series.tell({ value: row[cost], gap: row[cost] === null ? gap : costGap, events: sizes, wasUsed }, touched);
    }
    this.#tokens = row.tokens;
  }

  /** Whether the row can be this model under another name: it has at least all that the model had. */
  canBecome(row: UsageRow): boolean {
    const had = this.#tokens;
    if (had === null || had.total === 0) return false;
    const hasTokens = TOKEN_PARTS.every((part) => tokenPart(row.tokens, part) >= tokenPart(had, part));
    return hasTokens && COSTS.every((cost) => (row[cost] ?? Infinity) >= (this.#costs.get(cost)?.value ?? 0));
  }

  /**
   * The model's days in order, those without any figure left out; `only` limits it to these ISO dates. None while it is
   * missing from the table.
   */
  days(model: string, only?: ReadonlySet<string>): ModelDay[] {
    if (!this.isPresent) return [];
    const dates = only === undefined ? this.#dates() : [...only].filter((date) => this.#has(date));
    return dates.sort().map((date) => ({
      date: Temporal.PlainDate.from(date),
      model,
      tokens: tokensOfParts((part) => this.#parts.get(part)?.on(date) ?? 0),
      apiCost: microsOrNull(this.#cost("apiCost").on(date)),
      costToYou: microsOrNull(this.#cost("costToYou").on(date)),
      estimated: this.#all().some((series) => series.isEstimated(date)),
    }));
  }

  #cost(cost: Cost): Series {
    return this.#costs.get(cost) ?? new Series();
  }

  #all(): Series[] {
    return [...this.#parts.values(), ...this.#costs.values()];
  }

  #has(date: string): boolean {
    return this.#all().some((series) => series.has(date));
  }

  #dates(): string[] {
    return [...new Set(this.#all().flatMap((series) => series.dates()))];
  }
}

const NO_EVENTS: ReadonlyMap<string, number> = new Map();

/** One figure of the events by ISO date. Mostly there are none, in the inner loop of all history. */
function sizesOf(events: DayFigures, sizeOf: (figures: Figures) => number): ReadonlyMap<string, number> {
  if (events.size === 0) return NO_EVENTS;
  return new Map(Array.from(events, ([date, figures]) => [date, sizeOf(figures)]));
}
