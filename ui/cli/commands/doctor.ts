import type { Command } from "commander";
import { type CheckResult, worstOf } from "../../../domain/doctor.ts";
import { doctorJson } from "../../doctor_json.ts";
import type { CliContext } from "../context.ts";
import { checkText, summaryText } from "../doctor_text.ts";
import { type CommonOptions, writeJson } from "../output.ts";

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
      if (!isQuiet) terminal.write(checkText(result));
      pending(`Looking… (${seen} done)`);
    },
    end: () => pending(""),
  };
}
