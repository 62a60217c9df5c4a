import { formatMicros } from "../../../domain/money.ts";
import type { Standing } from "../../../domain/report/standing.ts";

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
