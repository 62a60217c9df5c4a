import type { CliContext } from "../context.ts";
import type { Command } from "commander";

/** `tracker serve`: the dashboard and the schedule, until it is stopped. */
export function serveCommand(program: Command, context: CliContext): void {
  program.command("serve")
    .description("serve the dashboard and run the schedule until stopped")
    .option("--json", "accepted for uniformity; what serve says is its log")
    .action(() => context.serve());
}
