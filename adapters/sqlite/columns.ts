import { z } from "zod";
import { textOfInstant } from "./instants.ts";
import { type Micros, micros } from "../../domain/money.ts";

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
