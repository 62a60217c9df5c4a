import { formatAge } from "../../../domain/format.ts";
import { costOf } from "../../../domain/history/figures.ts";
import { formatMicros } from "../../../domain/money.ts";
import { figuresByModel } from "../../../domain/report/models.ts";
import { Reports } from "../../../domain/report/reports.ts";
import type { PoolStanding, Standing } from "../../../domain/report/standing.ts";
import { summaryJson } from "../../api/summary.ts";
import type { Services } from "../../services.ts";
import { formatCount, formatShare } from "../../words/format.ts";
import { type Notices, noticesOf } from "../../words/notices.ts";
import { answerLine, answerText, cycleLine, runOutWords, STATUS_WORDS } from "../../words/status.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, formatTable, wrapped, writeJson } from "../output.ts";
import type { Command } from "commander";

const MOST_MODELS = 8;
const LEAST_COLUMNS = 40;
/** What the table needs beside the models' names. */
const FIGURES_WIDTH = 34;

/** `tracker status`: the dashboard's answer in a terminal. */
export function statusCommand(program: Command, context: CliContext): void {
  program.command("status")
    .description("show the cycle, its spend, where it will end, the pools and the costliest models")
    .option("--json", "print the summary as JSON, as /api/summary answers it")
    .action(({ json = false }: CommonOptions) =>
      context.withServices({ echo: "warn" }, (services) => {
        const { terminal } = context;
        const reports = new Reports(services);
        const standing = reports.standing();
        const { spendMetric: metric } = services.config;
        if (json) writeJson(terminal, summaryJson({ standing, metric, choice: reports.method() }));
        else {
          terminal.write(noticesText(noticesOf(services), Math.max(terminal.columns, LEAST_COLUMNS)));
          terminal.write(statusText(standing, { services, columns: terminal.columns }));
        }
        return Promise.resolve();
      })
    );
}

/** The status as text, no line longer than the terminal is wide. */
export function statusText(
  standing: Standing | null,
  { services: { config, clock }, columns }: { services: Pick<Services, "config" | "clock">; columns: number },
): string {
  if (standing === null) return "No figures yet. Run 'tracker onboard' once, then 'tracker scrape'.\n";
  const width = Math.max(columns, LEAST_COLUMNS);
  const { timeZone, spendMetric } = config;
  const checked = formatAge(standing.snapshot.lastCheckedAt, clock.now());
  const facts = factsOf(standing, timeZone);
  const days = standing.days.slice(-(width - 12)).map((day) => costOf(day, spendMetric));
  if (days.length > 0) facts.push(["Per day", sparkline(days)]);
  const lines = [
    ...wrapped(`${cycleLine(standing, timeZone)} · checked ${checked}${standing.isStale ? ", stale" : ""}`, width),
    "",
    ...wrapped(answerLine(answerText(standing, timeZone)), width),
    "",
    ...facts.flatMap(([name, text]) =>
      wrapped(text, width - 11).map((line, index) => `${(index === 0 ? name : "").padEnd(10)} ${line}`)
    ),
  ];
  const models = modelTable(standing, width);
  const text = `${lines.join("\n")}\n${models === "" ? "" : `\n${models}`}`;
  // What does not break in a page breaks searching in a terminal.
  return text.replaceAll("\u00a0", " ");
}

function factsOf(
  { spend, costBasis, projection, methodReason, today, pools, anomalies }: Standing,
  timeZone: string,
): [string, string][] {
  const { low, high, projected, method, status } = projection;
  const band = low === null || high === null || low === high ? "" : `, ${formatMicros(low)} to ${formatMicros(high)}`;
  const usual = today?.usual ?? null;
  const newest = today === null ? null : formatMicros(today.spend);
  return [
    ["Spent", `${formatMicros(spend.known)} (${spend.bases.length > 1 ? spend.bases.join(" and ") : costBasis})`],
    ["Projected", `${formatMicros(projected)}${band}, ${method}: ${STATUS_WORDS[status]}`],
    ["Method", methodReason],
    ...(newest === null ? [] : [
      ["Today", usual === null ? newest : `${newest}, usual day ${formatMicros(usual)}`] satisfies [string, string],
    ]),
    ...pools.map((pool, index): [string, string] => [index === 0 ? "Pools" : "", poolText(pool, timeZone)]),
    ...anomalies.slice(0, 1).map(({ cause }): [string, string] => [
      "Unusual",
      `${cause.model} is far above its usual day (${formatShare(cause.share)} of the day's spend)${
        hourWords(cause.hour)
      }`,
    ]),
  ];
}

function hourWords(hour: number | null): string {
  return hour === null ? "" : `, busiest from ${hour}:00 to ${hour + 1}:00`;
}

function poolText({ name, percentUsed, used, runOut }: PoolStanding, timeZone: string): string {
  const share = percentUsed === null ? formatMicros(used) : formatShare(percentUsed / 100);
  return [`${name} ${share}`, runOutWords(runOut, timeZone)].filter((part) => part !== null).join(", ");
}

function modelTable({ rows }: Standing, width: number): string {
  const models = figuresByModel(rows);
  if (models.length === 0) return "";
  const total = models.reduce((sum, { apiCost }) => sum + (apiCost ?? 0), 0);
  const cells = models.slice(0, MOST_MODELS).map(({ model, apiCost, tokens }) => [
    clipped(model, Math.max(width - FIGURES_WIDTH, 6)),
    formatMicros(apiCost),
    formatShare(apiCost === null || total === 0 ? null : apiCost / total),
    formatCount(tokens.total),
  ]);
  const more = models.length - cells.length;
  const table = formatTable(["model", "spent", "share", "tokens"], cells, { right: [1, 2, 3] });
  return more === 0 ? table : `${table}and ${more} more\n`;
}

function clipped(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Notices as text for a terminal of this width; nothing where all is well. */
export function noticesText({ trouble, warnings }: Notices, width: number): string {
  const all = [...(trouble === null ? [] : [trouble]), ...warnings];
  return all.map(({ headline, details, mend }) => {
    const lines = wrapped(`${headline}. ${details}`, width);
    if (mend !== null) lines.push(`Try:   ${mend}`);
    return `${lines.join("\n")}\n\n`;
  }).join("");
}

const BARS = "▁▂▃▄▅▆▇█";

/** One character a value, from zero to the largest; a dot where a value is unknown. */
function sparkline(values: readonly (number | null)[]): string {
  const largest = Math.max(...values.map((value) => value ?? 0), 0);
  return values.map((value) => {
    if (value === null) return "·";
    return BARS.charAt(largest === 0 ? 0 : Math.round(value / largest * (BARS.length - 1)));
  }).join("");
}
