import type { CliContext } from "../context.ts";
import type { Command } from "commander";

interface DemoOptions {
  readonly once?: boolean;
  readonly json?: boolean;
}

/** `tracker demo`: everything, against a simulated site. */
export function demoCommand(program: Command, context: CliContext): void {
  program.command("demo")
    .description("try everything against a simulated site with months of history")
    .option("--once", "stop after the figures")
    .option("--json", "keep standard output free of sentences")
    .action(({ once = false, json = false }: DemoOptions) =>
      context.demo({
        once,
        say: (text) => json ? context.terminal.writeError(`${text}\n`) : context.terminal.write(`${text}\n`),
      })
    );
}
