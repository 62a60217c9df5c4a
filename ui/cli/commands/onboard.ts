import type { Command } from "commander";
import { TrackerError } from "../../../domain/errors.ts";
import { noteLogin } from "../../../domain/session_notes.ts";
import { exitCodeOf } from "../../../domain/scrape_result.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, writeJson } from "../output.ts";
import { scrapeOnce } from "./scrape.ts";

/** `tracker onboard`: the person logs in once, in a browser window; then the first scrape. */
export function onboardCommand(program: Command, context: CliContext): void {
  program.command("onboard")
    .description("log in to Cursor in a browser window, then read the usage page for the first time")
    .option("--json", "print the first scrape's result as JSON")
    .action(async ({ json = false }: CommonOptions) => {
      const { terminal } = context;
      const say = (text: string) => terminal.writeError(`${text}\n`);
      const end = await context.onboard({ say });
      if (end !== "logged_in") throw notLoggedIn(end);
      say("Logged in. Reading the usage page for the first time…");
      await context.withServices({ echo: null }, async (services) => {
        noteLogin(services.stores.sessions, services.clock.now());
        const result = await scrapeOnce(services);
        if (json) writeJson(terminal, result);
        if (result.error !== null) {
          throw new TrackerError(result.error, { hint: result.hint, exitCode: exitCodeOf(result) });
        }
        say(`${result.rows_count} models read. From now on 'tracker serve' does this every hour.`);
      });
    });
}

function notLoggedIn(end: "window_closed" | "time_out"): TrackerError {
  const what = end === "window_closed"
    ? "The window was closed before the login was done."
    : "The login took too long.";
  return new TrackerError(what, { hint: "Run 'tracker onboard' again; nothing is lost.", exitCode: 10 });
}
