import { TrackerError } from "../../../domain/errors.ts";
import type { CliContext, ForgetWhat } from "../context.ts";
import { type CommonOptions, writeJson } from "../output.ts";
import { type Command, InvalidArgumentError } from "commander";

const USAGE_EXIT_CODE = 2;

const QUESTIONS: Readonly<Record<ForgetWhat, string>> = {
  profile: "Remove the browser profile? You will have to log in again; the history is kept.",
  captures: "Remove the raw captures and the pictures of failed pages? The figures are kept.",
  all: "Remove everything: history, figures, backups, logs, and the browser profile?",
};

/** `tracker forget`: removes what is kept. */
export function forgetCommand(program: Command, context: CliContext): void {
  program.command("forget")
    .description("remove the browser profile, the raw captures, or all that is kept")
    .argument("<what>", "profile, captures or all", whatToForget)
    .option("--yes", "do not ask")
    .option("--json", "print what was removed as JSON")
    .action(async (what: ForgetWhat, { yes = false, json = false }: CommonOptions & { yes?: boolean }) => {
      const { terminal } = context;
      if (!yes && !await isConfirmed(what, context)) {
        terminal.writeError("Nothing was removed.\n");
        context.exitWith(1);
        return;
      }
      const removed = await context.forget(what);
      if (json) writeJson(terminal, { forgot: what, removed });
      else if (removed.length === 0) terminal.write("There was nothing to remove.\n");
      else terminal.write(removed.map((line) => `${line}\n`).join(""));
    });
}

async function isConfirmed(what: ForgetWhat, { confirm }: CliContext): Promise<boolean> {
  const answer = await confirm(QUESTIONS[what]);
  if (answer !== null) return answer;
  throw new TrackerError(`Cannot ask whether to forget ${what} as nobody is there to answer`, {
    hint: `Run 'tracker forget ${what} --yes' if that is meant.`,
    exitCode: USAGE_EXIT_CODE,
  });
}

function whatToForget(text: string): ForgetWhat {
  if (text === "profile" || text === "captures" || text === "all") return text;
  throw new InvalidArgumentError("It must be profile, captures or all.");
}
