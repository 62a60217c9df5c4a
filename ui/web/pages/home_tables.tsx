import type { SpendMetric } from "../../../domain/config.ts";
import type { ModelFigures } from "../../../domain/figures.ts";
import type { Day } from "../../../domain/history/days.ts";
import { costOf } from "../../../domain/history/figures.ts";
import { formatMicros } from "../../../domain/money.ts";
import { formatCount, formatDate, formatShare } from "../format.ts";
import { Badge } from "./home_cards.tsx";

/** Spend by model. */
export function ModelTable({ models }: { models: readonly ModelFigures[] }) {
  if (models.length === 0) return null;
  const total = models.reduce((sum, { apiCost }) => sum + (apiCost ?? 0), 0);
  return (
    <section class="card table">
      <h2>Spend by model</h2>
      <p class="note">API cost in this cycle, and what a thousand tokens of any kind came to</p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" class="number">Spent</th>
              <th scope="col" class="number">Share</th>
              <th scope="col" class="number">Tokens</th>
              <th scope="col" class="number">Per 1K</th>
              <th scope="col" class="number">Cache</th>
            </tr>
          </thead>
          <tbody>{models.map((figures) => <ModelRow figures={figures} total={total} />)}</tbody>
        </table>
      </div>
    </section>
  );
}

function ModelRow({ figures, total }: { figures: ModelFigures; total: number }) {
  const { model, apiCost, tokens, costPer1kTokens, costBasis } = figures;
  const share = apiCost === null || total === 0 ? null : apiCost / total;
  return (
    <tr>
      <th scope="row">
        {model} {costBasis === "unknown" ? <Badge basis="unknown" /> : null}
      </th>
      <td class="number">{formatMicros(apiCost)}</td>
      <td class="number share">
        {share === null ? null : <meter max="1" value={share} aria-hidden="true" />} {formatShare(share)}
      </td>
      <td class="number">{formatCount(tokens.total)}</td>
      <td class="number">{formatMicros(costPer1kTokens)}</td>
      <td class="number">{formatShare(figures.cacheEfficiency)}</td>
    </tr>
  );
}

/** Spend by day, the newest first. */
export function DayTable(
  { days, metric, asOf, timeZone }: {
    days: readonly Day[];
    metric: SpendMetric;
    asOf: Temporal.Instant;
    timeZone: string;
  },
) {
  if (days.length === 0) return null;
  const today = asOf.toZonedDateTimeISO(timeZone).toPlainDate();
  const largest = Math.max(...days.map((day) => costOf(day, metric) ?? 0));
  return (
    <section class="card table">
      <h2>Daily spend</h2>
      <p class="note">Estimated: the machine was off, and what came meanwhile is spread evenly</p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col" class="number">Spent</th>
              <th scope="col" class="number">Tokens</th>
              <th scope="col" class="number">From cache</th>
              <th scope="col" class="number">Output</th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map((day) => <DayRow day={day} metric={metric} today={today} largest={largest} />)}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function DayRow(
  { day, metric, today, largest }: { day: Day; metric: SpendMetric; today: Temporal.PlainDate; largest: number },
) {
  const { date, tokens, estimated } = day;
  const spend = costOf(day, metric);
  return (
    <tr>
      <th scope="row">
        {date.toLocaleString("en-GB", { weekday: "short" })} {formatDate(date, today)}{" "}
        {estimated ? <Badge basis="estimated" /> : spend === null ? <Badge basis="unknown" /> : null}
      </th>
      <td class="number share">
        {spend === null || largest === 0 ? null : <meter max="1" value={spend / largest} aria-hidden="true" />}{" "}
        {formatMicros(spend)}
      </td>
      <td class="number">{formatCount(tokens.total)}</td>
      <td class="number">{formatCount(tokens.cacheRead)}</td>
      <td class="number">{formatCount(tokens.output)}</td>
    </tr>
  );
}
