/** How a check came out. `skipped`: there was nothing to look at, such as no mail server in the configuration. */
const CHECK_STATUSES = ["ok", "warn", "fail", "skipped"] as const;
export type CheckStatus = typeof CHECK_STATUSES[number];

/** What a check found. */
export interface Finding {
  readonly status: CheckStatus;
  /** What is so, as a short sentence without a full stop: "Chromium 140 at /usr/bin/chromium". */
  readonly found: string;
  /** Why that is no good; null where all is well. */
  readonly why: string | null;
  /** What mends it, one command where one does: "tracker onboard"; null where nothing is to be done. */
  readonly mend: string | null;
}

/** A check with its result. */
export interface CheckResult extends Finding {
  /** Stable, for programs: "data_dir". */
  readonly name: string;
  /** For people: "Data folder". */
  readonly title: string;
  readonly durationMs: number;
}

/** What the doctor found, in the order of the list of checks. */
export interface DoctorReport {
  readonly at: Temporal.Instant;
  /** The program's version. */
  readonly version: string;
  readonly checks: readonly CheckResult[];
  /** What was mended before the checks were made, as sentences; empty where nothing was asked to be mended. */
  readonly mended: readonly string[];
}

/** The worst that a report holds; what was skipped counts as well. */
export function worstOf({ checks }: Pick<DoctorReport, "checks">): Exclude<CheckStatus, "skipped"> {
  if (checks.some(({ status }) => status === "fail")) return "fail";
  return checks.some(({ status }) => status === "warn") ? "warn" : "ok";
}

/** All is well. */
export function ok(found: string): Finding {
  return { status: "ok", found, why: null, mend: null };
}

/** There was nothing to look at. */
export function skipped(found: string, mend: string | null = null): Finding {
  return { status: "skipped", found, why: null, mend };
}

/** It works, but not as it should. */
export function warn(found: string, { why, mend }: { why: string; mend: string | null }): Finding {
  return { status: "warn", found, why, mend };
}

/** It does not work. */
export function fail(found: string, { why, mend }: { why: string; mend: string | null }): Finding {
  return { status: "fail", found, why, mend };
}
