import { exitCodeOf, type ScrapeResult } from "../../../domain/capture/scrape.ts";
import { noteLogin } from "../../../domain/capture/session.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { formatMicros, toCents } from "../../../domain/money.ts";
import { spendOf } from "../../../domain/report/models.ts";
import { scrapeNow } from "../../../jobs/actions/scrape.ts";
import { isIpAddress } from "../../login/lan_address.ts";
import type { Services } from "../../services.ts";
import { counted } from "../../words/format.ts";
import type { CliContext, OnboardWay } from "../context.ts";
import { type CommonOptions, writeJson } from "../output.ts";
import { type Command, InvalidArgumentError } from "commander";

const LOGGED_OUT_EXIT_CODE = 10;

interface OnboardCommandOptions extends CommonOptions {
  readonly remote?: boolean;
  readonly port?: number;
  readonly bind?: string;
  readonly headless?: boolean;
}

/** `tracker onboard`: the person logs in once, in a browser window here or shown on another device; then the first scrape. */
export function onboardCommand(program: Command, context: CliContext): void {
  program.command("onboard")
    .description("log in to Cursor in a browser window, then read the usage page for the first time")
    .option("--remote", "show the browser on a page for another device, for a machine without a screen")
    .option("--port <port>", "with --remote: where the page listens (default: any free port)", portNumber)
    .option("--bind <address>", "with --remote: a private address in place of that of BIND", ipAddress)
    .option("--headless", "with --remote: no virtual display, even where Xvfb is installed")
    .option("--json", "print the first scrape's result as JSON")
    .action(async ({ json = false, ...options }: OnboardCommandOptions) => {
      const { terminal } = context;
      const say = (text: string) => terminal.writeError(`${text}\n`);
      const end = await context.onboard({ say, way: wayOf(options) });
      if (end !== "logged_in") {
        const error = notLoggedIn(end);
        if (json) writeJson(terminal, { ...NO_FIGURES, error: error.message, hint: error.hint });
        throw error;
      }
      say("Logged in. Reading the usage page for the first time…");
      await context.withServices({ echo: null }, async (services) => {
        noteLogin(services.stores.sessions, services.clock.now());
        const result = await scrapeNow(services);
        if (json) writeJson(terminal, result);
        if (result.error !== null) {
          throw new TrackerError(result.error, { hint: result.hint, exitCode: exitCodeOf(result) });
        }
        say(whatComesNext(result, services));
      });
    });
}

function wayOf({ remote = false, port, bind, headless = false }: OnboardCommandOptions): OnboardWay {
  if (remote) return { kind: "remote", port: port ?? null, bind: bind ?? null, headless };
  const option = port !== undefined ? "--port" : bind !== undefined ? "--bind" : headless ? "--headless" : null;
  if (option === null) return { kind: "window" };
  throw new TrackerError(`Cannot use ${option} as it belongs to --remote`, {
    hint: "See 'tracker onboard --help'.",
    exitCode: 2,
  });
}

const NO_FIGURES: ScrapeResult = {
  outcome: "logged_out",
  source: null,
  snapshot_id: null,
  rows_count: 0,
  table_hash: null,
  billing_period_start: null,
  billing_period_end: null,
  error: null,
  hint: null,
};

const ENDS = {
  window_closed: "The window was closed before the login was done.",
  time_out: "The login took too long: it may take 15 minutes.",
  idle: "Nothing was done on the login's page for too long.",
} as const;

function notLoggedIn(end: keyof typeof ENDS): TrackerError {
  const hint = "Run 'tracker onboard' again, the same way; nothing is lost.";
  return new TrackerError(ENDS[end], { hint, exitCode: LOGGED_OUT_EXIT_CODE });
}

function whatComesNext({ rows_count: rows, snapshot_id: id }: ScrapeResult, { stores, config }: Services): string {
  const spend = spendOf(id === null ? [] : stores.usage.rows(id), config.spendMetric);
  const spent = toCents(spend.known) === null ? "" : `, ${formatMicros(spend.known)} spent in this cycle`;
  return `${counted(rows, "model")} read${spent}.\n` +
    "Next: 'tracker serve' reads the page every hour and shows the figures on your network. A server that runs already " +
    "goes on by itself.";
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new InvalidArgumentError("It must be a port from 1 to 65535.");
  return port;
}

function ipAddress(text: string): string {
  if (text === "localhost" || isIpAddress(text)) return text;
  throw new InvalidArgumentError("It must be an IP address of this machine, or localhost.");
}
