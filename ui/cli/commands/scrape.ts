import { isDiskFull } from "../../../domain/capture/outcome.ts";
import { diskFullResult, exitCodeOf, type ScrapeResult } from "../../../domain/capture/scrape.ts";
import { formatMicros, toCents } from "../../../domain/money.ts";
import { spendOf } from "../../../domain/report/models.ts";
import { scrapeNow } from "../../../jobs/actions/scrape.ts";
import type { Services } from "../../services.ts";
import { counted } from "../../words/format.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, withProgress, writeJson } from "../output.ts";
import type { Command } from "commander";

/** `tracker scrape`: reads the usage page once, and stores a snapshot where something changed. */
export function scrapeCommand(program: Command, context: CliContext): void {
  program.command("scrape")
    .description("read the usage page once and store a snapshot where something changed")
    .option("--json", "print the result as JSON")
    .action(async ({ json = false }: CommonOptions) => {
      const { terminal } = context;
      const answer = (result: ScrapeResult, text: string) => {
        if (json) writeJson(terminal, result);
        else terminal.write(text);
        if (result.error !== null) terminal.writeError(errorText(result));
        context.exitWith(exitCodeOf(result));
      };
      try {
        await context.withServices({ echo: null }, async (services) => {
          const result = await withProgress(
            terminal,
            {
              doing: "Reading the usage page",
              done: ({ error }) => error === null ? "Read the usage page" : "Read no figures",
            },
            () => scrapeNow(services),
          );
          answer(result, describe(result, services));
        });
      } catch (error) {
        // So full that not even the failure can be stored: a result all the same.
        if (!isDiskFull(error)) throw error;
        answer(diskFullResult(error), "");
      }
    });
}

function describe(result: ScrapeResult, { stores, config }: Services): string {
  if (result.snapshot_id === null) return "";
  const spend = spendOf(stores.usage.rows(result.snapshot_id), config.spendMetric);
  const period = `${result.billing_period_start ?? "?"} to ${result.billing_period_end ?? "?"}`;
  const unknown = spend.unknownModels.length;
  const missing = unknown === 0 ? "" : `, cost of ${counted(unknown, "model")} unknown`;
  const spent = toCents(spend.known) === null ? "spend unknown" : `${formatMicros(spend.known)} spent`;
  return `${sentenceOf(result)}\nCycle ${period}: ${spent}${missing}\n`;
}

function sentenceOf({ outcome, rows_count: rows, source, snapshot_id: id }: ScrapeResult): string {
  const from = source === "dom_table" ? "the table in the page" : "the site's JSON";
  if (outcome === "stored") return `Stored snapshot ${id}: ${counted(rows, "model")} from ${from}.`;
  if (outcome === "unchanged") return `Unchanged since snapshot ${id}: ${counted(rows, "model")}.`;
  return `No figures: ${(outcome ?? "interrupted").replaceAll("_", " ")}.`;
}

function errorText({ error, hint }: ScrapeResult): string {
  return `Error: ${error}\n${hint === null ? "" : `Try:   ${hint}\n`}`;
}
