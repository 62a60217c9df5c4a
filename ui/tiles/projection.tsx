import { formatMicros, type Micros } from "../../domain/money.ts";
import { type Method, METHODS } from "../../domain/projection/projection.ts";
import type { Score } from "../../domain/projection/scorecard.ts";
import type { HomeFigures } from "../pages/home_view.ts";
import { formatDate, formatShare } from "../words/format.ts";
import { STATUS_WORDS } from "../words/status.ts";
import type { Tile, TileContent } from "./tile.ts";
import { Scroll } from "./tile_frame.tsx";

/** What each method says, why, and how far it was off in the cycles that are over. */
export const projectionTile: Tile = { id: "projection", name: "Projection", columns: 4, draw };

const NAMES: Readonly<Record<Method, string>> = { linear: "Linear", ewma: "EWMA" };
/** A cycle day with a score by each method; fewer days make no line. */
const LEAST_DAYS = 3;

function draw(figures: HomeFigures): TileContent {
  const { standing: { projection, isCurrent }, scorecard } = figures;
  const badge = isCurrent && projection.projected !== null
    ? <span class={`badge ${projection.status}`}>{STATUS_WORDS[projection.status]}</span>
    : null;
  const body = <ProjectionBody figures={figures} />;
  const note = pastText(scorecard.cycles);
  const days = scorecard.byDay.filter(({ scores }) => scores.some(isRelative));
  const isOff = days.some(({ scores }) => scores.some(({ meanError }) => meanError > 0));
  if (days.length < LEAST_DAYS || !isOff) return { note, badge, body };
  const drawing = {
    kind: "lines" as const,
    unit: "share" as const,
    names: days.map(({ dayOfCycle }) => `after day ${dayOfCycle}`),
    at: days.map(({ dayOfCycle }) => dayOfCycle),
    ticks: days.map(({ dayOfCycle }) => ({ at: dayOfCycle, text: `day ${dayOfCycle}` })),
    series: METHODS.map((method, index) => ({
      name: `${NAMES[method]} was off by`,
      color: index === 0 ? "muted" : "accent",
      values: days.map(({ scores }) => scores.find((score) => score.method === method)?.meanRelativeError ?? null),
      end: NAMES[method],
    })),
  };
  const label = "Line chart of how far projections were off on each day of past cycles. The table has the means.";
  return { note, badge, body, chart: { drawing, label }, table: errorTable(figures) };
}

function isRelative({ meanRelativeError }: Score): boolean {
  return meanRelativeError !== null;
}

function errorTable({ scorecard }: HomeFigures) {
  const rows = scorecard.byDay.map(({ dayOfCycle, scores }) => [
    `day ${dayOfCycle}`,
    ...METHODS.map((method) => errorText(scores.find((score) => score.method === method))),
  ]);
  return { head: ["After", ...METHODS.map((method) => `${NAMES[method]} off by`)], rows };
}

function ProjectionBody({ figures }: { figures: HomeFigures }) {
  const { standing: { projection, anomalies, isCurrent }, scorecard, choice, asOfDate } = figures;
  const says: Readonly<Record<Method, Micros | null>> = { linear: projection.linear, ewma: projection.ewma };
  return (
    <>
      <Scroll label="Projection by method">
        <table>
          <thead>
            <tr>
              <th scope="col">Method</th>
              {isCurrent ? <th scope="col" class="number">Says</th> : null}
              <th scope="col" class="number">Mean error</th>
            </tr>
          </thead>
          <tbody>
            {METHODS.map((method) => (
              <tr>
                <th scope="row">
                  {NAMES[method]} {method === choice.method ? <span class="badge">in use</span> : null}
                </th>
                {isCurrent ? <td class="number">{formatMicros(says[method])}</td> : null}
                <td class="number">{errorText(scorecard.scores.find((score) => score.method === method))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="note reason">{choice.reason}</p>
      {anomalies.map(({ date, cause }) => (
        <p class="note reason">
          {formatDate(date, asOfDate)} stands out, mostly by {cause.model} ({formatShare(cause.share)} of the day).
        </p>
      ))}
    </>
  );
}

function pastText(cycles: number): string {
  if (cycles === 0) return "No cycle has finished yet to compare with";
  return cycles === 1 ? "How the methods did in the last cycle" : `How the methods did in the last ${cycles} cycles`;
}

function errorText(score: Score | undefined): string {
  if (score === undefined) return "–";
  if (score.meanRelativeError === null) return formatMicros(score.meanError);
  return formatShare(score.meanRelativeError);
}
