import type { MonthShare, Trend } from "../../../domain/billing/analytics/mod.ts";
import { formatMicros } from "../../../domain/money.ts";
import type { BillingView } from "../billing_view.ts";
import { formatDelta, formatGrowth, shortMonth } from "../words.ts";

/** Small parts that several sections show. */

/** A model's name behind its colour. */
export function ModelName({ model, colorOf }: { model: string; colorOf: BillingView["colorOf"] }) {
  return (
    <>
      <span class={`dot series-${colorOf.get(model) ?? "other"}`} aria-hidden="true" /> {model}
    </>
  );
}

/** A user's name, as a link to the user's own figures where there is such a page. */
export function UserName({ user, hrefOfUser }: { user: string; hrefOfUser: BillingView["hrefOfUser"] }) {
  return hrefOfUser === null ? <>{user}</> : <a href={hrefOfUser(user)}>{user}</a>;
}

const BAR_WIDTH = 72;

/** A share from 0 to 1 as a bar with its percentage. */
export function Share({ share }: { share: number | null }) {
  if (share === null) return <>–</>;
  return (
    <span class="share">
      <svg class="bar" width={BAR_WIDTH} height="6" aria-hidden="true">
        <rect class="track" width={BAR_WIDTH} height="6" rx="3" />
        <rect width={Math.max(2, Math.round(Math.min(1, share) * BAR_WIDTH))} height="6" rx="3" />
      </svg>{" "}
      {Math.round(share * 100)}&nbsp;%
    </span>
  );
}

/** How the two newest complete months compare. */
export function TrendCell({ trend }: { trend: Trend | null }) {
  if (trend === null) return <span title="There are no two complete months in a row">–</span>;
  const isUp = trend.delta > 0;
  return (
    <span
      class={isUp ? "up" : trend.delta < 0 ? "down" : undefined}
      title={`${shortMonth(trend.from)} to ${shortMonth(trend.to)}: ${formatDelta(trend)}`}
    >
      {trend.growthRatio === null ? (isUp ? "new" : "–") : formatGrowth(trend.growthRatio)}
    </span>
  );
}

const SPARK_MONTHS = 12;
const SPARK_HEIGHT = 20;
const SPARK_STEP = 6;

/** The last months as small bars. */
export function Spark({ months }: { months: readonly MonthShare[] }) {
  const shown = months.slice(-SPARK_MONTHS);
  const highest = Math.max(1, ...shown.map(({ micros }) => micros));
  const text = shown.map(({ month, micros }) => `${shortMonth(month)}: ${formatMicros(micros)}`).join("\n");
  return (
    <svg
      class="spark"
      role="img"
      aria-label={text.replaceAll("\n", ", ")}
      width={shown.length * SPARK_STEP}
      height={SPARK_HEIGHT}
      viewBox={`0 0 ${shown.length * SPARK_STEP} ${SPARK_HEIGHT}`}
    >
      <title>{text}</title>
      {shown.map(({ micros }, at) => {
        const height = micros <= 0 ? 0 : Math.max(1, Math.round((micros / highest) * SPARK_HEIGHT));
        return <rect x={at * SPARK_STEP} y={SPARK_HEIGHT - height} width={SPARK_STEP - 2} height={height} />;
      })}
    </svg>
  );
}
