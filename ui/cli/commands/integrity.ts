import { TrackerError } from "../../../domain/errors.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, withProgress, writeJson } from "../output.ts";
import type { Command } from "commander";

/** `tracker integrity`: reads the whole database file; the weekly check does the same. */
export function integrityCommand(program: Command, context: CliContext): void {
  program.command("integrity")
    .description("read the whole database and check that nothing in it is damaged")
    .option("--json", "print what was found as JSON")
    .action(async ({ json = false }: CommonOptions) => {
      const { terminal } = context;
      const { problems } = await withProgress(
        terminal,
        { doing: "Checking the database", done: () => "Checked" },
        () => context.checkIntegrity(),
      );
      if (json) writeJson(terminal, { ok: problems.length === 0, problems: [...problems] });
      else if (problems.length === 0) terminal.write("The database is whole.\n");
      if (problems.length > 0) throw damaged(problems);
    });
}

function damaged(problems: readonly string[]): TrackerError {
  return new TrackerError(`The database is damaged:${problems.map((problem) => `\n  - ${problem}`).join("")}`, {
    hint: "Restore the newest backup from DATA_DIR/backups with 'tracker restore'; the damaged database is kept aside.",
  });
}
