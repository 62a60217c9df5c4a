import { VERSION } from "../../domain/version.ts";
import type { CliContext } from "./context.ts";
import { reportError, writeJson } from "./output.ts";
import { Command, CommanderError } from "commander";

/** Adds a command to the program. */
type AddCommand = (program: Command, context: CliContext) => void;

/** Every command, in the order of the help; a new one is one file and one line here. Each is loaded if it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  onboard: async () => (await import("./commands/onboard.ts")).onboardCommand,
  scrape: async () => (await import("./commands/scrape.ts")).scrapeCommand,
  serve: async () => (await import("./commands/serve.ts")).serveCommand,
  status: async () => (await import("./commands/status.ts")).statusCommand,
  projection: async () => (await import("./commands/projection.ts")).projectionCommand,
  budget: async () => (await import("./commands/budget.ts")).budgetCommand,
  import: async () => (await import("./commands/import.ts")).importCommand,
  export: async () => (await import("./commands/export.ts")).exportCommand,
  replay: async () => (await import("./commands/replay.ts")).replayCommand,
  billing: async () => (await import("./commands/billing.ts")).billingCommand,
  runs: async () => (await import("./commands/runs.ts")).runsCommand,
  alerts: async () => (await import("./commands/alerts.ts")).alertsCommand,
  backup: async () => (await import("./commands/backup.ts")).backupCommand,
  restore: async () => (await import("./commands/restore.ts")).restoreCommand,
  integrity: async () => (await import("./commands/integrity.ts")).integrityCommand,
  service: async () => (await import("./commands/service.ts")).serviceCommand,
  health: async () => (await import("./commands/health.ts")).healthCommand,
  completions: async () => (await import("./commands/completions.ts")).completionsCommand,
  doctor: async () => (await import("./commands/doctor.ts")).doctorCommand,
  forget: async () => (await import("./commands/forget.ts")).forgetCommand,
  demo: async () => (await import("./commands/demo.ts")).demoCommand,
};

/** It needs to know all the others. */
const ABOUT_ALL = "completions";

const USAGE_EXIT_CODE = 2;

/** The command line, not yet run: with the command that `args` ask for, or with all of them for everything else. */
export async function createProgram(context: CliContext, args: readonly string[] = []): Promise<Command> {
  const { terminal } = context;
  const program = new Command("tracker")
    .description("Knows what Cursor costs you, before the invoice does.")
    .version(VERSION, "-V, --version", "print the version and the commit; --json after it for JSON")
    .configureOutput({ writeOut: (text) => terminal.write(text), writeErr: (text) => terminal.writeError(text) })
    .showHelpAfterError("Try 'tracker --help' or 'tracker <command> --help'.")
    // An option belongs to the command that stands before it: "export billing --format" is not that of "export".
    .enablePositionalOptions()
    .exitOverride();
  const [asked = ""] = args;
  const isOne = Object.hasOwn(COMMANDS, asked) && asked !== ABOUT_ALL;
  const loaders = Object.entries(COMMANDS).filter(([name]) => !isOne || name === asked);
  const commands = await Promise.all(loaders.map(([, load]) => load()));
  for (const addCommand of commands) addCommand(program, context);
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
    const program = await createProgram(context, args);
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      context.exitWith(error.exitCode === 0 ? 0 : USAGE_EXIT_CODE);
      return;
    }
    reportError(context, error, { json: args.includes("--json") });
  }
}
