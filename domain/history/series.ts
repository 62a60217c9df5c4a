import { apportion } from "./apportion.ts";
import type { Gap } from "./gap.ts";

/** What a figure did in one gap. */
export interface Told {
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
export class Series {
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
