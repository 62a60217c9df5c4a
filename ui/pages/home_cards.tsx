import { cycleProgress } from "../../domain/cycle.ts";
import { formatMicros, type Micros, micros } from "../../domain/money.ts";
import { spentBy } from "../../domain/report/days.ts";
import { cacheEfficiency, type Spend } from "../../domain/report/models.ts";
import type { PoolStanding, Standing, Today } from "../../domain/report/standing.ts";
import { namesOf } from "../tiles/chart.ts";
import { counted, formatCount, formatDate, formatShare } from "../words/format.ts";
import { runOutWords, STATUS_WORDS } from "../words/status.ts";
import type { HomeFigures } from "./home_view.ts";
import { Badge } from "./parts.tsx";

/** The cards under the answer, the strongest first; each with the one comparison that gives it meaning. */
export function HomeCards({ figures }: { figures: HomeFigures }) {
  const { standing, costToYou, tokens, timeZone } = figures;
  const { spend, pools, today } = standing;
  return (
    <section class="cards" aria-label="Figures of this cycle">
      <Card title="Spent" badge={spend.bases.length === 1 ? <Badge basis={standing.costBasis} /> : null}>
        <b>{formatMicros(spend.known)}</b>
        <small>
          {spendWords(spend)}
          {costToYou.known === null ? null : `, ${formatMicros(costToYou.known)} billed on top`}
        </small>
        <PreviousLine figures={figures} />
      </Card>
      {standing.isCurrent ? <ProjectedCard standing={standing} /> : null}
      <LeftCard standing={standing} />
      {today === null ? null : <TodayCard today={today} standing={standing} timeZone={timeZone} />}
      <Card title="Tokens">
        <b>{formatCount(tokens.total)}</b>
        <small>{formatShare(cacheEfficiency(tokens))} of input read from cache</small>
      </Card>
      {pools.length === 0 ? null : <PoolsCard pools={pools} timeZone={timeZone} />}
    </section>
  );
}

/** What the spent amount is, and what it leaves out. */
function spendWords({ bases, unknownModels }: Spend): string {
  if (unknownModels.length > 0) return `without ${namesOf(unknownModels)}, of unknown cost`;
  return bases.length > 1 ? `${bases.join(" and ")} together` : "at API prices";
}

/** Where the cycle before stood by then: amounts, as a percentage of next to nothing says nothing. */
function PreviousLine({ figures: { previous, points, standing } }: { figures: HomeFigures }) {
  const now = points.at(-1);
  if (previous === null || now === undefined) return null;
  const before = standing.isCurrent ? spentBy(previous.points, now.day) : previous.cycle.spend;
  if (before === null) return null;
  return <small>{formatMicros(before)} in the cycle before{standing.isCurrent ? " by then" : ""}</small>;
}

function Card(props: { title: string; badge?: unknown; children: unknown }) {
  return (
    <article class="card">
      <h2>{props.title} {props.badge ?? null}</h2>
      {props.children}
    </article>
  );
}

function ProjectedCard({ standing: { projection } }: { standing: Standing }) {
  const { projected, low, high, method, status } = projection;
  const words = status === "over" ? "over" : STATUS_WORDS[status];
  const name = method === "ewma" ? "EWMA" : "linear";
  return (
    <Card title="Projected" badge={projected === null ? null : <span class={`badge ${status}`}>{words}</span>}>
      <b>{formatMicros(projected)}</b>
      <small>
        {projected === null
          ? "a cost or the cycle's end is unknown"
          : low === null || high === null || low === high
          ? name
          : `${formatMicros(low)} – ${formatMicros(high)}, ${name}`}
      </small>
    </Card>
  );
}

/** What is left of the budget, and the pace that keeps within it; without a budget, the days that are left. */
function LeftCard({ standing: { cycle, asOf, budget, total, isCurrent } }: { standing: Standing }) {
  const { daysRemaining } = cycleProgress(cycle.cycle, asOf);
  const days = daysRemaining === null ? null : Math.ceil(daysRemaining);
  if (budget === null || total === null) {
    if (!isCurrent) return null;
    return (
      <Card title="Days left">
        <b>{days ?? "–"}</b>
        <small>{days === null ? "the cycle's end is unknown" : "in this cycle"}</small>
      </Card>
    );
  }
  const left = micros(budget.amount - total);
  return (
    <Card title={left < 0 ? "Over budget" : "Left"}>
      <b>{formatMicros(micros(Math.abs(left)))}</b>
      <small>{isCurrent ? paceText({ left, daysRemaining, days }) : `of ${formatMicros(budget.amount)}`}</small>
    </Card>
  );
}

function paceText(
  { left, daysRemaining, days }: { left: Micros; daysRemaining: number | null; days: number | null },
): string {
  if (daysRemaining === null || days === null) return "the cycle's end is unknown";
  if (left <= 0 || daysRemaining < 1) return `${counted(days, "day")} to go`;
  const perDay = micros(Math.floor(left / daysRemaining));
  return `${formatMicros(perDay)} a day keeps you under for ${days} days`;
}

function TodayCard({ today, standing, timeZone }: { today: Today; standing: Standing; timeZone: string }) {
  const now = standing.asOf.toZonedDateTimeISO(timeZone).toPlainDate();
  const cause = standing.anomalies[0]?.cause.model;
  return (
    <Card
      title={today.date.equals(now) ? "Today" : formatDate(today.date, now)}
      badge={cause === undefined ? null : <span class="badge at_risk">unusual</span>}
    >
      <b>{formatMicros(today.spend)}</b>
      <small>
        {today.spend === null
          ? "a cost is unknown"
          : today.usual === null
          ? "no usual day yet"
          : `usual day ${formatMicros(today.usual)}`}
        {cause === undefined ? null : `, mostly ${cause}`}
      </small>
    </Card>
  );
}

function PoolsCard({ pools, timeZone }: { pools: readonly PoolStanding[]; timeZone: string }) {
  return (
    <article class="card">
      <h2>Pools</h2>
      {pools.map(({ name, percentUsed, used, runOut }) => {
        const words = runOutWords(runOut, timeZone);
        return (
          <div class={`pool ${runOut.kind}`}>
            <span>{words === null ? name : `${name}, ${words}`}</span>
            <span>{percentUsed === null ? formatMicros(used) : `${Math.round(percentUsed)}\u00a0%`}</span>
            {percentUsed === null ? null : <progress max="100" value={Math.min(percentUsed, 100)} aria-label={name} />}
          </div>
        );
      })}
    </article>
  );
}

/** Room to the right of the largest mark. */
const HEADROOM = 1.04;

/** Spend now, the budget and the projection on one scale, with their figures under it. */
export function Meter({ standing: { spend, budget, projection, isCurrent } }: { standing: Standing }) {
  const now = spend.known;
  if (now === null) return null;
  const limit = budget?.amount ?? null;
  const projected = isCurrent ? projection.projected : null;
  const largest = Math.max(now, limit ?? 0, projected ?? 0) * HEADROOM;
  if (largest === 0 || (limit === null && projected === null)) return null;
  const percent = (amount: number) => `${Math.round(amount / largest * 10_000) / 100}%`;
  return (
    <figure class={`meter ${projection.status}`}>
      <svg role="img" aria-label={labelOf({ now, limit, projected })} width="100%" height="14">
        <defs>
          <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect class="hatch" width="3" height="6" />
          </pattern>
        </defs>
        <rect class="track" width="100%" height="14" rx="7" />
        {projected === null ? null : <rect width={percent(projected)} height="14" rx="7" fill="url(#hatch)" />}
        <rect class="now" width={percent(now)} height="14" rx="7" />
        {limit === null ? null : <line class="limit" x1={percent(limit)} x2={percent(limit)} y1="0" y2="14" />}
      </svg>
      <figcaption aria-hidden="true">
        <span class="key now">{formatMicros(now)} {isCurrent ? "now" : "spent"}</span>
        {limit === null ? null : <span class="key limit">{formatMicros(limit)} budget</span>}
        {projected === null ? null : <span class="key projected">{formatMicros(projected)} projected</span>}
      </figcaption>
    </figure>
  );
}

function labelOf({ now, limit, projected }: { now: number; limit: number | null; projected: number | null }): string {
  const share = (amount: number) => limit === null || limit === 0 ? "" : ` (${Math.round(amount / limit * 100)} %)`;
  const end = projected === null ? "" : `, projected${share(projected)}`;
  return limit === null ? "Spend so far and projected" : `Spend so far${share(now)}${end} of the budget`;
}
