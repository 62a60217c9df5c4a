import { cycleEnd, cycleProgress } from "../../domain/cycle.ts";
import { formatMicros } from "../../domain/money.ts";
import type { ProjectionStatus } from "../../domain/projection/projection.ts";
import type { RunOut } from "../../domain/projection/run_out.ts";
import type { Standing } from "../../domain/report/standing.ts";
import { counted, formatDate, formatDay, formatLongDay } from "./format.ts";

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
  return `until ${formatDay(runOut.at.toZonedDateTimeISO(timeZone).toPlainDate())}`;
}

/** "Pro plan · cycle 10 Nov – 10 Dec · day 12 of 30 · UTC". */
export function cycleLine({ cycle: { cycle }, snapshot, asOf, isCurrent }: Standing, timeZone: string): string {
  const { start, end } = cycle;
  const today = asOf.toZonedDateTimeISO(timeZone).toPlainDate();
  const plan = snapshot.membership === null ? null : `${planName(snapshot.membership)} plan`;
  const period = start === null ? "cycle unknown" : `cycle ${formatDate(start, today)} – ${formatDate(end, today)}`;
  const { daysElapsed, daysTotal } = cycleProgress(cycle, asOf);
  const day = daysElapsed === null || daysTotal === null || !isCurrent
    ? null
    : `day ${Math.min(Math.floor(daysElapsed) + 1, Math.ceil(daysTotal))} of ${Math.round(daysTotal)}`;
  return [plan, period, day, timeZone].filter((part) => part !== null).join(" · ");
}

function planName(membership: string): string {
  const words = membership.replaceAll("_", " ").replace(" plus", "+");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The answer in sentences: what is used, where it will end, when the budget is gone. */
export interface AnswerText {
  readonly used: string;
  /** "At this pace it will be", and what follows it; null where nothing can be projected or the cycle is over. */
  readonly outlook: { readonly lead: string; readonly amount: string; readonly rest: string } | null;
}

/** The answer as one text. */
export function answerLine({ used, outlook }: AnswerText): string {
  return outlook === null ? used : `${used} ${outlook.lead} ${outlook.amount}${outlook.rest}`;
}

/** Says how the cycle stands; days are those of the zone. */
export function answerText(standing: Standing, timeZone: string): AnswerText {
  return { used: usedText(standing), outlook: outlookOf(standing, timeZone) };
}

function usedText({ rows, spend, total, budget, isCurrent }: Standing): string {
  const cycle = isCurrent ? "this cycle" : "that cycle";
  if (rows.length === 0) return `Nothing ${isCurrent ? "has been" : "was"} used in ${cycle}${isCurrent ? " yet" : ""}.`;
  if (spend.known === null) return `Cursor does not tell what ${cycle}'s usage costs; its tokens are below.`;
  const verb = isCurrent ? "is" : "was";
  if (total === null) {
    const unknown = counted(spend.unknownModels.length, "model");
    return `${formatMicros(spend.known)} ${verb} used in ${cycle}, and ${unknown} of unknown cost.`;
  }
  if (budget === null) return `${formatMicros(total)} ${verb} used in ${cycle}.`;
  return `${formatMicros(total)} of ${isCurrent ? "your" : "the"} ${formatMicros(budget.amount)} ${verb} used.`;
}

function outlookOf({ isCurrent, cycle, asOf, projection, budget, rows }: Standing, timeZone: string) {
  const end = cycleEnd(cycle.cycle);
  const isOver = end !== null && Temporal.Instant.compare(asOf, end) >= 0;
  if (!isCurrent || isOver || projection.projected === null || end === null || rows.length === 0) return null;
  const rest = budget === null ? "." : budgetRest(projection.budgetRunOut, { status: projection.status, timeZone });
  const by = formatLongDay(end.toZonedDateTimeISO(timeZone).toPlainDate());
  return { lead: "At this pace it will be", amount: `${formatMicros(projection.projected)} by ${by}`, rest };
}

function budgetRest(runOut: RunOut, { status, timeZone }: { status: string; timeZone: string }): string {
  if (runOut.kind === "gone") return "; the budget is used up.";
  if (runOut.kind === "at") {
    return `, and the budget is gone on ${formatLongDay(runOut.at.toZonedDateTimeISO(timeZone).toPlainDate())}.`;
  }
  return status === "over" ? ", more than the budget." : ", within the budget.";
}
