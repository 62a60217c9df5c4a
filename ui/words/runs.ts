import { SCRAPE, scrapeResultOf } from "../../domain/capture/scrape.ts";
import type { Attempt, Run, RunStatus } from "../../domain/runs/run.ts";
import { counted } from "./format.ts";

/** "billing-fetch" → "Billing fetch". */
export function jobName(job: string): string {
  const words = job.replaceAll(/[-_]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** How a status is coloured. */
export const STATUS_TONE: Readonly<Record<RunStatus, string>> = {
  running: "running",
  succeeded: "on_track",
  failed: "over",
  cancelled: "no_budget",
};

/** Cron's five fields in words, for the shapes that schedules use; other ones as they are. */
export function cronWords(cron: string): string {
  const [minute = "", hour = "", ...days] = cron.split(" ");
  const time = timeWords(hour, minute);
  if (days.join(" ") === "* * SUN" && time !== null) return `on Sundays at ${time}`;
  if (days.join(" ") !== "* * *") return cron;
  const minutes = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (hour === "*" && minute === "*") return "every minute";
  if (hour === "*" && minutes !== undefined) return `every ${minutes} min`;
  if (hour === "*" && minute === "0") return "every hour";
  const hours = /^\*\/(\d+)$/.exec(hour)?.[1];
  if (minute === "0" && hours !== undefined) return `every ${hours} h`;
  return time === null ? cron : `daily at ${time}`;
}

function timeWords(hour: string, minute: string): string | null {
  const isTime = /^\d+$/.test(minute) && /^\d+$/.test(hour);
  return isTime ? `${hour.padStart(2, "0")}:${minute.padStart(2, "0")} UTC` : null;
}

/** Who asked for the run: the clock, whose keys are ticks, another run's end, or a person. */
export function keyWords(key: string): string {
  if (key.startsWith("after:")) return "by another run";
  return /^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/.test(key) ? "by the clock" : "by hand";
}

/** What a run came to, in a line; null where there is nothing to say beyond its status. */
export function resultText(run: Run): string | null {
  if (run.failure !== null) return run.failure.message;
  if (run.status === "running" && run.cancelRequestedAt !== null) return "asked to stop";
  if (run.job !== SCRAPE || run.status !== "succeeded") return null;
  const { outcome, rows_count: rows } = scrapeResultOf(run);
  if (outcome === "unchanged") return "nothing new";
  if (outcome === "stored") return `new figures of ${counted(rows, "model")}`;
  return outcome?.replaceAll("_", " ") ?? null;
}

/** How a try of a step went. */
type AttemptState = "done" | "failed" | "running" | "interrupted";

/** A try without an end goes on only where it is the last one of its step, in a running run. */
export function attemptState(attempt: Attempt, { run, isLast }: { run: Run; isLast: boolean }): AttemptState {
  if (attempt.failure !== null) return "failed";
  if (attempt.finishedAt !== null) return "done";
  return run.status === "running" && isLast ? "running" : "interrupted";
}

/** How an attempt is coloured. */
export const ATTEMPT_TONE: Readonly<Record<AttemptState, string>> = {
  done: "on_track",
  failed: "over",
  running: "running",
  interrupted: "at_risk",
};
