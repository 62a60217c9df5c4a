import { type Micros, micros } from "../../domain/money.ts";
import { z } from "zod";

/** Schemas of the database's columns: text and numbers become what the domain works with. */

/** The text of a time that may be unknown. */
export function textOrNull(at: Temporal.Instant | null): string | null {
  return at === null ? null : textOfInstant(at);
}

export const instantColumn = z.string().transform((text, context): Temporal.Instant => {
  try {
    return Temporal.Instant.from(text);
  } catch {
    context.addIssue({ code: "custom", message: `must be an ISO 8601 time: current value is "${text}"` });
    return z.NEVER;
  }
});

export const dateColumn = z.string().transform((text, context): Temporal.PlainDate => {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    context.addIssue({ code: "custom", message: `must be an ISO 8601 date: current value is "${text}"` });
    return z.NEVER;
  }
});

export const microsColumn = z.number().int().transform((value): Micros => micros(value));

/** ISO 8601 UTC with milliseconds, always as long: as text it sorts by time. */
export function textOfInstant(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: "millisecond" });
}

/** Integer micro-dollars to integer cents, rounded half to even, as an SQL expression. */
export function centsOf(micros: string): string {
  return `${micros} / 10000 + (abs(${micros} % 10000) > 5000 OR ` +
    `(abs(${micros} % 10000) = 5000 AND abs(${micros} / 10000) % 2 = 1)) * sign(${micros})`;
}
