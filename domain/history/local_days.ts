/** The part of a time span that lies in one local day. */
export interface DaySlice {
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
