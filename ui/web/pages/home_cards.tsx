import { cycleProgress } from "../../../domain/cycle.ts";
import { cacheEfficiency } from "../../../domain/figures.ts";
import { formatMicros, type Micros, micros } from "../../../domain/money.ts";
import { spentBy } from "../../../domain/report/cumulative.ts";
import type { PoolStanding, Standing, Today } from "../../../domain/report/standing.ts";
import { runOutWords, STATUS_WORDS } from "../../status_words.ts";
import { formatCount, formatDate, formatShare } from "../format.ts";
import { Badge } from "./badge.tsx";
import type { HomeFigures } from "./home_view.ts";

/** The cards under the answer, the strongest first; each with the one comparison that gives it meaning. */
export function HomeCards({ figures }: { figures: HomeFigures }) {
  const { standing, costToYou, tokens, timeZone } = figures;
  const { spend, pools, today } = standing;
  return (
    <section class="cards" aria-label="Figures of this cycle">
      <Card title="Spent" badge={spend.bases.length === 1 ? <Badge basis={standing.costBasis} /> : null}>
        <b>{formatMicros(spend.known)}</b>
        <small>
          {spend.bases.length > 1 ? `${spend.bases.join(" and ")} together` : "at API prices"}
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
  if (left <= 0 || daysRemaining < 1) return `${days} day${days === 1 ? "" : "s"} to go`;
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
        {today.usual === null ? "no usual day yet" : `usual day ${formatMicros(today.usual)}`}
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
