import type { TokenCounts, UsageRow } from "../capture/usage.ts";
import { type Figures, microsOrNull, TOKEN_PARTS, type TokenPart, tokenPart, tokensOfParts } from "./figures.ts";
import type { Gap } from "./local_days.ts";
import type { DayFigures } from "./own_events.ts";

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
interface Surroundings {
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

/** What a figure did in one gap. */
interface Told {
  /** The figure for the cycle so far; null where nobody tells it. */
  readonly value: number | null;
  /** The time that the change belongs to. */
  readonly gap: Gap;
  /** The figure's events in the gap, summed by ISO date. */
  readonly events: ReadonlyMap<string, number>;
  /** Whether the model was used in the gap, so that an untold figure may have grown. */
  readonly wasUsed: boolean;
}

/**
 * One figure of one model over a cycle (its API cost, say), as the days that it came in. The days always add up to the
 * figure last told. They are the largest history that no later figure contradicts: a fall takes from the newest days.
 */
class Series {
  #total = 0;
  #untoldSince: Temporal.Instant | null = null;
  readonly #amounts = new Map<string, number>();
  readonly #untold = new Set<string>();
  readonly #estimated = new Set<string>();

  /** From when on the next change must be explained, where that is earlier than the gap's own start. */
  get untoldSince(): Temporal.Instant | null {
    return this.#untoldSince;
  }

  /** The figure so far, null while it is not told. */
  get value(): number | null {
    return this.#untoldSince === null ? this.#total : null;
  }

  /** ISO dates with an amount, or with an unknown one. */
  dates(): string[] {
    return [...new Set([...this.#amounts.keys(), ...this.#untold])];
  }

  /** Whether the date is one of `dates()`. */
  has(date: string): boolean {
    return this.#amounts.has(date) || this.#untold.has(date);
  }

  /** What came on the day: zero where nothing did, null where that is not known. */
  on(date: string): number | null {
    return this.#untold.has(date) ? null : this.#amounts.get(date) ?? 0;
  }

  /** Whether the day's amount is a share of a longer gap. */
  isEstimated(date: string): boolean {
    return this.#estimated.has(date) && this.#amounts.has(date);
  }

  /** Takes in the figure as a snapshot tells it; adds the dates that it changed to `touched`. */
  tell({ value, gap, events, wasUsed }: Told, touched: Set<string>): void {
    if (value === null) {
      if (this.#untoldSince !== null && !wasUsed) return;
      this.#untoldSince ??= gap.from;
      for (const { date } of gap.slices) mark(this.#untold, date, touched);
      return;
    }
    this.#untoldSince = null;
    for (const date of this.#untold) touched.add(date);
    this.#untold.clear();
    if (value < this.#total) this.#take(this.#total - value, touched);
    else if (value > this.#total) this.#give(value - this.#total, { gap, events }, touched);
    this.#total = value;
  }

  /** Events decide the day; what they do not explain is spread evenly over the time of the gap. */
  #give(amount: number, { gap, events }: Pick<Told, "gap" | "events">, touched: Set<string>): void {
    const known = [...events].filter(([, size]) => size > 0);
    const explained = known.reduce((sum, [, size]) => sum + size, 0);
    if (explained > amount) {
      const shares = apportion(amount, known.map(([, size]) => size));
      known.forEach(([date], index) => this.#add(date, shares[index] ?? 0, touched));
      if (known.length > 1) { for (const [date] of known) this.#estimated.add(date); }
      return;
    }
    for (const [date, size] of known) this.#add(date, size, touched);
    this.#spread(amount - explained, gap, touched);
  }

  #spread(amount: number, gap: Gap, touched: Set<string>): void {
    if (amount === 0) return;
    const { slices } = gap;
    const shares = apportion(amount, slices.length === 1 ? [1] : slices.map(({ lengthMs }) => lengthMs));
    slices.forEach(({ date }, index) => {
      this.#add(date, shares[index] ?? 0, touched);
      if (gap.isGuess) this.#estimated.add(date);
    });
  }

  #take(amount: number, touched: Set<string>): void {
    let left = amount;
    for (const [date, had] of [...this.#amounts].sort(([a], [b]) => a < b ? 1 : -1)) {
      if (left === 0) return;
      const taken = Math.min(had, left);
      left -= taken;
      touched.add(date);
      if (taken < had) this.#amounts.set(date, had - taken);
      else {
        this.#amounts.delete(date);
        this.#estimated.delete(date);
      }
    }
  }

  #add(date: string, amount: number, touched: Set<string>): void {
    if (amount === 0) return;
    this.#amounts.set(date, (this.#amounts.get(date) ?? 0) + amount);
    touched.add(date);
  }
}

function mark(set: Set<string>, date: string, touched: Set<string>): void {
  if (set.has(date)) return;
  set.add(date);
  touched.add(date);
}

/**
 * Shares an integer amount out in proportion to the weights, so that the shares are integers and add up to the amount.
 * Each gets its share rounded down; the units left over go to the largest remainders, on a tie to the earlier one.
 * @throws RangeError where the amount is negative or no weight is above zero.
 */
export function apportion(amount: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!Number.isSafeInteger(amount) || amount < 0) {
    throw new RangeError(`Cannot apportion as 'amount' must be a whole number from 0: current value is ${amount}`);
  }
  if (!Number.isSafeInteger(sum) || weights.some((weight) => weight < 0) || sum === 0) {
    throw new RangeError(`Cannot apportion as 'weights' must be whole numbers with a sum above 0: it is ${sum}`);
  }
  if (weights.length === 1) return [amount];
  const total = BigInt(sum);
  const products = weights.map((weight) => BigInt(amount) * BigInt(weight));
  const shares = products.map((product) => Number(product / total));
  const left = amount - shares.reduce((taken, share) => taken + share, 0);
  const byRemainder = products.map((product, index) => ({ index, rest: product % total }))
    .sort((a, b) => a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1);
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}
