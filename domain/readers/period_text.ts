import { type BillingCycle, cycleOfDates } from "../cycle.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH = String.raw`(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?`;
const DAY = String.raw`(\d{1,2})(?:st|nd|rd|th)?`;
const YEAR = String.raw`(?:,?\s*(\d{4}))?`;
const TO = String.raw`\s*(?:-|–|—|→|to|until|through)\s*`;
const LABEL = /billing\s+(?:period|cycle)|current\s+(?:period|cycle)|usage\s+period/gi;

interface DateParts {
  readonly year: number | null;
  readonly month: number;
  readonly day: number;
}

interface Style {
  readonly pattern: RegExp;
  readonly read: (groups: readonly (string | undefined)[]) => readonly [DateParts, DateParts];
}

/** "2026-11-10 – 2026-12-10", "Nov 10 – Dec 10, 2026", "10 Nov 2026 – 10 Dec 2026", "11/10/2026 - 12/10/2026". */
const STYLES: readonly Style[] = [
  {
    pattern: new RegExp(String.raw`(\d{4})-(\d{2})-(\d{2})${TO}(\d{4})-(\d{2})-(\d{2})`, "i"),
    read: ([y1, m1, d1, y2, m2, d2]) => [parts(y1, m1, d1), parts(y2, m2, d2)],
  },
  {
    pattern: new RegExp(`${MONTH}\\s+${DAY}${YEAR}${TO}(?:${MONTH}\\s+)?${DAY}${YEAR}`, "i"),
    read: ([m1, d1, y1, m2, d2, y2]) => [parts(y1, m1, d1), parts(y2, m2 ?? m1, d2)],
  },
  {
    pattern: new RegExp(`${DAY}\\s+${MONTH}${YEAR}${TO}${DAY}\\s+${MONTH}${YEAR}`, "i"),
    read: ([d1, m1, y1, d2, m2, y2]) => [parts(y1, m1, d1), parts(y2, m2, d2)],
  },
  {
    pattern: new RegExp(String.raw`(\d{1,2})/(\d{1,2})/(\d{4})${TO}(\d{1,2})/(\d{1,2})/(\d{4})`, "i"),
    read: ([m1, d1, y1, m2, d2, y2]) => [parts(y1, m1, d1), parts(y2, m2, d2)],
  },
];

/** Days that a page's text names, and whether it calls them the billing period. */
interface NamedPeriod {
  readonly cycle: BillingCycle;
  /** A label such as "Billing period" stands before it, or it is as long as a month: "Last 7 days" is neither. */
  readonly isBillingPeriod: boolean;
}

/**
 * The days that a page's text names, near a label such as "Billing period" if there is one. Years that the text leaves
 * out are those that put `capturedAt` into the period. Null where no days are written.
 */
export function periodOfText(text: string, capturedAt: Temporal.Instant): NamedPeriod | null {
  for (const label of text.matchAll(LABEL)) {
    const cycle = firstPeriod(text.slice(label.index, label.index + 120), capturedAt);
    if (cycle !== null) return { cycle, isBillingPeriod: true };
  }
  const cycle = firstPeriod(text, capturedAt);
  return cycle === null ? null : { cycle, isBillingPeriod: isMonthLong(cycle) };
}

function firstPeriod(passage: string, capturedAt: Temporal.Instant): BillingCycle | null {
  for (const style of STYLES) {
    const match = style.pattern.exec(passage);
    const cycle = match === null ? null : cycleOfParts(style.read(match.slice(1)), capturedAt);
    if (cycle !== null) return cycle;
  }
  return null;
}

function isMonthLong({ start, end }: BillingCycle): boolean {
  const days = start === null || end === null ? 0 : start.until(end).days;
  return days >= 28 && days <= 31;
}

function cycleOfParts(
  [start, end]: readonly [DateParts, DateParts],
  capturedAt: Temporal.Instant,
): BillingCycle | null {
  const today = capturedAt.toZonedDateTimeISO("UTC").toPlainDate();
  const wraps = end.month < start.month;
  const endYears = end.year === null ? [today.year, today.year + 1, today.year - 1] : [end.year];
  const candidates = endYears.map((year) => {
    const startYear = start.year ?? (wraps ? year - 1 : year);
    const dates = [
      dateOf(start, startYear),
      dateOf(end, end.year ?? (start.year === null ? year : startYear + +wraps)),
    ];
    const [first, last] = dates;
    return first && last && Temporal.PlainDate.compare(first, last) < 0 ? cycleOfDates(first, last) : null;
  }).filter((cycle) => cycle !== null);
  return candidates.find((cycle) => contains(cycle, today)) ?? candidates[0] ?? null;
}

function contains({ start, end }: BillingCycle, day: Temporal.PlainDate): boolean {
  return start !== null && end !== null && Temporal.PlainDate.compare(start, day) <= 0 &&
    Temporal.PlainDate.compare(day, end) <= 0;
}

function dateOf({ month, day }: DateParts, year: number): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function parts(year: string | undefined, month: string | undefined, day: string | undefined): DateParts {
  const named = MONTHS.indexOf((month ?? "").slice(0, 3).toLowerCase()) + 1;
  return { year: year === undefined ? null : Number(year), month: named > 0 ? named : Number(month), day: Number(day) };
}
