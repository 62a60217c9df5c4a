import { type CheckResult, type CheckStatus, type DoctorReport, worstOf } from "../../domain/doctor.ts";
import { wrapped } from "./wrap.ts";

const WORDS: Readonly<Record<CheckStatus, string>> = { ok: "ok", warn: "warn", fail: "FAIL", skipped: "-" };
const INDENT = " ".repeat(6);
/** Where what was found begins: behind the state and the name. */
const FOUND_AT = 24;
const LEAST_WIDTH = 30;

/** One check: its state, its name and what was found; why and what mends it below. */
export function checkText({ status, title, found, why, mend }: CheckResult, width: number): string {
  const [first = "", ...more] = wrapped(found, Math.max(width - FOUND_AT, LEAST_WIDTH));
  const lines = [`${WORDS[status].padEnd(4)}  ${title.padEnd(16)}  ${first}`];
  for (const line of more) lines.push(`${" ".repeat(FOUND_AT)}${line}`);
  if (why !== null) {
    for (const line of wrapped(why, Math.max(width - INDENT.length, LEAST_WIDTH))) lines.push(`${INDENT}${line}`);
  }
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
