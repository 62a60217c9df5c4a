import { formatMicros } from "../../../domain/money.ts";
import { type Method, METHODS } from "../../../domain/projection/projection.ts";
import type { MethodChoice, Score, Scorecard } from "../../../domain/projection/scorecard.ts";
import { Reports } from "../../../domain/report/reports.ts";
import type { Standing } from "../../../domain/report/standing.ts";
import { scorecardJson } from "../../api/scorecard.ts";
import { summaryJson } from "../../api/summary.ts";
import { counted, formatTenths } from "../../words/format.ts";
import { answerLine, answerText } from "../../words/status.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, formatTable, writeJson } from "../output.ts";
import type { Command } from "commander";

interface ProjectionOptions extends CommonOptions {
  readonly scorecard?: boolean;
}

/** `tracker projection`: where the cycle will end, and how good such projections were. */
export function projectionCommand(program: Command, context: CliContext): void {
  program.command("projection")
    .description("show where the cycle will end, and how far past projections were off")
    .option("--scorecard", "mean errors over all finished cycles, by method and day of the cycle")
    .option("--json", "print it as JSON")
    .action(({ scorecard = false, json = false }: ProjectionOptions) =>
      context.withServices({ echo: "warn" }, (services) => {
        const { terminal } = context;
        const { timeZone, spendMetric: metric } = services.config;
        const reports = new Reports(services);
        const choice = reports.method();
        if (scorecard) {
          const card = reports.scorecard();
          if (json) writeJson(terminal, scorecardJson({ card, choice }));
          else terminal.write(scorecardText(card, choice));
        } else {
          const standing = reports.standing();
          if (json) writeJson(terminal, summaryJson({ standing, metric, choice }).projection);
          else terminal.write(projectionText(standing, timeZone));
        }
        return Promise.resolve();
      })
    );
}

function projectionText(standing: Standing | null, timeZone: string): string {
  if (standing === null) return "No figures yet. Run 'tracker scrape' first.\n";
  const { projection, methodReason } = standing;
  const says = { linear: projection.linear, ewma: projection.ewma };
  const rows = METHODS.map((method) => [
    method,
    formatMicros(says[method]),
    method === projection.method ? "in use" : "",
  ]);
  const { low, high } = projection;
  const band = low === null || high === null || low === high
    ? ""
    : `Eight of ten such cycles end between ${formatMicros(low)} and ${formatMicros(high)}.\n`;
  return `${answerLine(answerText(standing, timeZone))}\n\n` +
    `${formatTable(["method", "projected", ""], rows, { right: [1] })}\n${band}${methodReason}\n`;
}

function scorecardText(card: Scorecard, { reason }: MethodChoice): string {
  if (card.cycles === 0) return `No cycle has finished yet, so there is nothing to compare with.\n${reason}\n`;
  const headings = ["day of cycle", ...METHODS.flatMap((method) => [method, ""])];
  const line = (
    name: string,
    scores: readonly Score[],
  ) => [name, ...METHODS.flatMap((method) => cells(scores, method))];
  const rows = [
    ...card.byDay.map(({ dayOfCycle, scores }) => line(String(dayOfCycle), scores)),
    line("all", card.scores),
  ];
  return `Mean error at the end of each day, over ${counted(card.cycles, "finished cycle")}\n\n` +
    `${formatTable(headings, rows, { right: [0, 1, 2, 3, 4] })}\n${reason}\n`;
}

/** Mean error in money, and relative to what came. */
function cells(scores: readonly Score[], method: Method): [string, string] {
  const score = scores.find((each) => each.method === method);
  if (score === undefined) return ["–", ""];
  const share = score.meanRelativeError;
  return [formatMicros(score.meanError), share === null ? "" : formatTenths(share)];
}
