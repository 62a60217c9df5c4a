import type { Config } from "../../../domain/config.ts";
import { TrackerError } from "../../../domain/errors.ts";

/** @throws TrackerError (exit code 2) where there is no key for the Admin API. */
export function requireKey({ apiKey }: Config): void {
  if (apiKey !== null) return;
  throw new TrackerError("Cannot use the Admin API as CURSOR_API_KEY is not set", {
    hint: "Set CURSOR_API_KEY to an Admin API key: a team admin makes one on cursor.com under Settings, Advanced.",
    exitCode: 2,
  });
}
