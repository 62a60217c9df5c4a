import { type CheckResult, type CheckStatus, type DoctorReport, worstOf } from "../../../domain/operations/doctor.ts";
import { doctorJson } from "../../api/settings.ts";
import { counted } from "../../words/format.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, wrapped, writeJson } from "../output.ts";
import type { Command } from "commander";

interface DoctorCommandOptions extends CommonOptions {
  readonly fix?: boolean;
  readonly online?: boolean;
  readonly bundle?: string;
}

/** `tracker doctor`: looks at everything that must work, and says what mends the rest. */
export function doctorCommand(program: Command, context: CliContext): void {
  program.command("doctor")
    .description("look at everything that must work, and say what mends the rest (exit code 1 where something fails)")
    .option("--fix", "first mend what can be mended: make folders, close them to others, install a browser")
    .option("--online", "open the usage page for real to see whether the login works; stores nothing")
    .option("--bundle <file>", "write what a bug report needs into a .tar.gz, with secrets and addresses masked")
    .option("--json", "print the report as JSON")
    .action(async ({ fix = false, online = false, json = false, bundle }: DoctorCommandOptions) => {
      const { terminal } = context;
      const progress = progressOf(context, { isQuiet: json });
      const report = await context.doctor({
        online,
        mend: fix ? { say: progress.say } : null,
        onResult: progress.onResult,
      });
      progress.end();
      if (json) writeJson(terminal, doctorJson(report));
      else terminal.write(summaryText(report));
      if (bundle !== undefined) {
        const { path, entries } = await context.bundle({ path: bundle, report });
        const say = (text: string) => json ? terminal.writeError(text) : terminal.write(text);
        say(
          `\nWrote ${path}, for a bug report. Secrets, cookies and e-mail addresses are masked; look through it first:\n`,
        );
        for (const { name, about } of entries) say(`  ${name.padEnd(20)}  ${about}\n`);
      }
      context.exitWith(worstOf(report) === "fail" ? 1 : 0);
    });
}

/** Results are written as they come; on a terminal a line below them says that more is to come. */
function progressOf({ terminal }: CliContext, { isQuiet }: { isQuiet: boolean }) {
  const pending = (text: string) => {
    if (terminal.isInteractive) terminal.writeError(`\r\x1b[K${text}`);
  };
  pending("Looking…");
  let seen = 0;
  return {
    say(text: string) {
      pending("");
      terminal.writeError(`${text}\n`);
      pending("Looking…");
    },
    onResult(result: CheckResult) {
      seen++;
      pending("");
      if (!isQuiet) terminal.write(checkText(result, terminal.columns));
      pending(`Looking… (${seen} done)`);
    },
    end: () => pending(""),
  };
}

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
    counted(count("warn"), "warning"),
    counted(count("fail"), "failure"),
    `${count("skipped")} skipped`,
  ];
  const end = worstOf(report) === "fail" ? "" : " Nothing that must work is broken.";
  return `\n${parts.join(", ")}.${end}\n`;
}
