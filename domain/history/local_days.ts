/** The part of a time span that lies in one local day. */
interface DaySlice {
  /** ISO date of the day in the time zone: "2026-11-21". */
  readonly date: string;
  readonly lengthMs: number;
}

/** The days of a time zone. A day lasts from one local midnight to the next: 23, 24 or 25 hours. */
export class LocalDays {
  readonly timeZone: string;
  #day: { readonly date: string; readonly startMs: number; readonly endMs: number } | null = null;

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  /** ISO date of the day that the moment lies in; midnight belongs to the day that it begins. */
  dateOf(at: Temporal.Instant): string {
    return this.#dayOf(at.epochMilliseconds).date;
  }

  /** The days between two moments with the time spent in each. A span without length lies in the day of its end. */
  slices(from: Temporal.Instant, to: Temporal.Instant): DaySlice[] {
    const toMs = to.epochMilliseconds;
    let atMs = Math.min(from.epochMilliseconds, toMs);
    if (atMs === toMs) return [{ date: this.#dayOf(toMs).date, lengthMs: 0 }];
    const slices: DaySlice[] = [];
    while (atMs < toMs) {
      const { date, endMs } = this.#dayOf(atMs);
      const untilMs = Math.min(endMs, toMs);
      slices.push({ date, lengthMs: untilMs - atMs });
      atMs = untilMs;
    }
    return slices;
  }

  /** Looked up once per day: snapshots come in order, and a calendar is slow. */
  #dayOf(atMs: number): { readonly date: string; readonly startMs: number; readonly endMs: number } {
    if (this.#day !== null && this.#day.startMs <= atMs && atMs < this.#day.endMs) return this.#day;
    const date = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(this.timeZone).toPlainDate();
    this.#day = {
      date: date.toString(),
      startMs: date.toZonedDateTime(this.timeZone).epochMilliseconds,
      endMs: date.add({ days: 1 }).toZonedDateTime(this.timeZone).epochMilliseconds,
    };
    return this.#day;
  }
}

/**
 * How long a gap over midnight may be before its days are called estimated: an hourly scrape that missed two turns.
 * A gap within one day is never an estimate, however long.
 */
const LONGEST_SURE_GAP: Temporal.Duration = Temporal.Duration.from({ hours: 3 });

/** The time that a delta belongs to: after the last check before it (exclusive), up to its snapshot (inclusive). */
export interface Gap {
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
  readonly slices: readonly DaySlice[];
  /** Whether a spread over its days is a guess: it crosses a midnight and lasts longer than LONGEST_SURE_GAP. */
  readonly isGuess: boolean;
}

/** The gap between two moments. A start after its end (clocks differ) counts as the end. */
export function gapBetween(from: Temporal.Instant, to: Temporal.Instant, days: LocalDays): Gap {
  const start = Temporal.Instant.compare(from, to) < 0 ? from : to;
  const slices = days.slices(start, to);
  const isLong = start.until(to).total("milliseconds") > LONGEST_SURE_GAP.total("milliseconds");
  return { from: start, to, slices, isGuess: slices.length > 1 && isLong };
}
