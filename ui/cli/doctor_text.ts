import { type CheckResult, type CheckStatus, type DoctorReport, worstOf } from "../../domain/doctor.ts";

const WORDS: Readonly<Record<CheckStatus, string>> = { ok: "ok", warn: "warn", fail: "FAIL", skipped: "-" };
const INDENT = " ".repeat(6);

/** One check: its state, its name and what was found; why and what mends it below. */
export function checkText({ status, title, found, why, mend }: CheckResult): string {
  const lines = [`${WORDS[status].padEnd(4)}  ${title.padEnd(16)}  ${found}`];
  if (why !== null) lines.push(`${INDENT}${why}`);
  if (mend !== null && status !== "ok") lines.push(`${INDENT}Try: ${mend}`);
  return lines.map((line) => `${line}\n`).join("");
}

/** "12 ok, 2 warnings, 1 failure." */
export function summaryText(report: DoctorReport): string {
  const count = (status: CheckStatus) => report.checks.filter((check) => check.status === status).length;
  const parts = [
    `${count("ok")} ok`,
    plural(count("warn"), "warning"),
    plural(count("fail"), "failure"),
    `${count("skipped")} skipped`,
  ];
  const end = worstOf(report) === "fail" ? "" : " Nothing that must work is broken.";
  return `\n${parts.join(", ")}.${end}\n`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
