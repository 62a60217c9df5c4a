import type { ProjectionStatus } from "../domain/projection/status.ts";
import type { RunOut } from "../domain/projection/run_out.ts";

/** What people read instead of a status. */
export const STATUS_WORDS: Readonly<Record<ProjectionStatus, string>> = {
  on_track: "on track",
  at_risk: "at risk",
  over: "over budget",
  no_budget: "no budget",
  unknown: "unknown",
};

/** "until 24 Nov", "used up", or nothing to say. */
export function runOutWords(runOut: RunOut, timeZone: string): string | null {
  if (runOut.kind === "gone") return "used up";
  if (runOut.kind !== "at") return null;
  const date = runOut.at.toZonedDateTimeISO(timeZone).toPlainDate();
  return `until ${date.toLocaleString("en-GB", { day: "numeric", month: "short" })}`;
}
