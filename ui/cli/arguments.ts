import { InvalidArgumentError } from "commander";

/** A whole number from 1. @throws InvalidArgumentError otherwise. */
export function positiveInteger(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return value;
}

/** A day such as "2026-11-21". @throws InvalidArgumentError otherwise. */
export function plainDate(text: string): Temporal.PlainDate {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Temporal.PlainDate.from(text, { overflow: "reject" });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new InvalidArgumentError("It must be a day such as 2026-11-21.");
}
