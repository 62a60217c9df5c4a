import { VERSION } from "../../domain/version.ts";
import { alertsCommand } from "./commands/alerts.ts";
import { backupCommand } from "./commands/backup.ts";
import { billingCommand } from "./commands/billing.ts";
import { budgetCommand } from "./commands/budget.ts";
import { completionsCommand } from "./commands/completions.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { exportCommand } from "./commands/export.ts";
import { forgetCommand } from "./commands/forget.ts";
import { healthCommand } from "./commands/health.ts";
import { importCommand } from "./commands/import.ts";
import { integrityCommand } from "./commands/integrity.ts";
import { onboardCommand } from "./commands/onboard.ts";
import { projectionCommand } from "./commands/projection.ts";
import { replayCommand } from "./commands/replay.ts";
import { restoreCommand } from "./commands/restore.ts";
import { runsCommand } from "./commands/runs.ts";
import { scrapeCommand } from "./commands/scrape.ts";
import { serveCommand } from "./commands/serve.ts";
import { serviceCommand } from "./commands/service.ts";
import { statusCommand } from "./commands/status.ts";
import type { CliContext } from "./context.ts";
import { reportError, writeJson } from "./output.ts";
import { Command, CommanderError } from "commander";

/** Every command; a new one is one file and one line here. */
const COMMANDS = [
  onboardCommand,
  scrapeCommand,
  serveCommand,
  statusCommand,
  projectionCommand,
  budgetCommand,
  importCommand,
  exportCommand,
  replayCommand,
  billingCommand,
  runsCommand,
  alertsCommand,
  backupCommand,
  restoreCommand,
  integrityCommand,
  serviceCommand,
  healthCommand,
  completionsCommand,
  doctorCommand,
  forgetCommand,
  demoCommand,
] as const satisfies readonly ((
  program: Command,
  context: CliContext,
) => void)[];

const USAGE_EXIT_CODE = 2;

/** The command line, not yet run. */
export function createProgram(context: CliContext): Command {
  const { terminal } = context;
  const program = new Command("tracker")
    .description("Knows what Cursor costs you, before the invoice does.")
    .version(VERSION, "-V, --version", "print the version and the commit; --json after it for JSON")
    .configureOutput({ writeOut: (text) => terminal.write(text), writeErr: (text) => terminal.writeError(text) })
    .showHelpAfterError("Try 'tracker --help' or 'tracker <command> --help'.")
    // An option belongs to the command that stands before it: "export billing --format" is not that of "export".
    .enablePositionalOptions()
    .exitOverride();
  for (const addCommand of COMMANDS) addCommand(program, context);
  return program;
}

function printVersion(args: readonly string[], { terminal, commit }: CliContext): void {
  const built = commit();
  if (args.includes("--json")) writeJson(terminal, { version: VERSION, commit: built });
  else terminal.write(`tracker ${VERSION} (${built ?? "unknown commit"})\n`);
}

/** Runs one command. Never throws: what goes wrong is written, and the exit code says it. */
export async function runCli(args: readonly string[], context: CliContext): Promise<void> {
  if (args[0] === "--version" || args[0] === "-V") return printVersion(args, context);
  try {
    await createProgram(context).parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      context.exitWith(error.exitCode === 0 ? 0 : USAGE_EXIT_CODE);
      return;
    }
    reportError(context, error, { json: args.includes("--json") });
  }
}
