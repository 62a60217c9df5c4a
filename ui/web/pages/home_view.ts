import { cycleProgress } from "../../../domain/cycle.ts";
import { figuresByModel, type ModelFigures, type Spend, spendOf, sumTokens } from "../../../domain/figures.ts";
import { isStale } from "../../../domain/freshness.ts";
import { formatMicros } from "../../../domain/money.ts";
import type { Alert, Snapshot } from "../../../domain/stores.ts";
import type { Pool, TokenCounts } from "../../../domain/usage.ts";
import type { Services } from "../../services.ts";
import { formatAge, formatDate, formatMoment } from "../format.ts";
import type { Freshness } from "./layout.tsx";

/** What the usage page shows. */
export interface HomeView {
  readonly freshness: Freshness;
  /** Why there are no new figures, and what mends it; null where all is well. */
  readonly trouble: Alert | null;
  readonly figures: HomeFigures | null;
}

/** The figures of the newest snapshot. */
export interface HomeFigures {
  readonly line: string;
  readonly headline: string;
  readonly spend: Spend;
  readonly costToYou: Spend;
  readonly tokens: TokenCounts;
  readonly models: readonly ModelFigures[];
  readonly pools: readonly Pool[];
  readonly daysRemaining: number | null;
}

/** Reads what the page shows. */
export function homeView({ stores, clock, config }: Services): HomeView {
  const now = clock.now();
  const snapshot = stores.usage.latest();
  const trouble = stores.alerts.listOpen("scrape_error")[0] ?? null;
  return {
    freshness: freshnessOf(snapshot, { now, timeZone: config.timeZone }),
    trouble,
    figures: snapshot === null ? null : figuresOf(snapshot, { stores, config, now }),
  };
}

function figuresOf(
  snapshot: Snapshot,
  { stores, config, now }: Pick<Services, "stores" | "config"> & { now: Temporal.Instant },
): HomeFigures {
  const rows = stores.usage.rows(snapshot.id);
  const spend = spendOf(rows, config.spendMetric);
  const progress = cycleProgress(snapshot.cycle, now);
  const today = now.toZonedDateTimeISO("UTC").toPlainDate();
  const { start, end } = snapshot.cycle;
  const day = progress.daysElapsed === null || progress.daysTotal === null
    ? null
    : `day ${Math.min(Math.floor(progress.daysElapsed) + 1, Math.ceil(progress.daysTotal))} of ${
      Math.round(progress.daysTotal)
    }`;
  const plan = snapshot.membership === null ? null : `${planName(snapshot.membership)} plan`;
  const period = start === null ? "cycle unknown" : `cycle ${formatDate(start, today)} – ${formatDate(end, today)}`;
  return {
    line: [plan, period, day, config.timeZone].filter((part) => part !== null).join(" · "),
    headline: headlineOf(spend, rows.length),
    spend,
    costToYou: spendOf(rows, "cost_to_you"),
    tokens: sumTokens(rows.map((row) => row.tokens)),
    models: figuresByModel(rows),
    pools: stores.usage.pools(snapshot.id),
    daysRemaining: progress.daysRemaining,
  };
}

function headlineOf({ known, unknownModels }: Spend, rows: number): string {
  if (rows === 0) return "Nothing has been used in this cycle yet.";
  if (known === null) return "Cursor does not tell what this cycle's usage costs; its tokens are below.";
  const unknown = unknownModels.length;
  const rest = unknown === 0 ? "" : `, and ${unknown} model${unknown === 1 ? "" : "s"} of unknown cost`;
  return `${formatMicros(known)} is used in this cycle${rest}.`;
}

function freshnessOf(
  snapshot: Snapshot | null,
  { now, timeZone }: { now: Temporal.Instant; timeZone: string },
): Freshness {
  if (snapshot === null) return { state: "none", text: "no figures yet", title: "No scrape has succeeded so far" };
  const changed = formatAge(snapshot.capturedAt, now);
  return {
    state: isStale(snapshot, now) ? "stale" : "fresh",
    text: `checked ${formatAge(snapshot.lastCheckedAt, now)} · changed ${changed}`,
    title: `Last checked ${formatMoment(snapshot.lastCheckedAt, timeZone)}`,
  };
}

function planName(membership: string): string {
  const words = membership.replaceAll("_", " ").replace(" plus", "+");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
