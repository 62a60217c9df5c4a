import { figuresByModel, type ModelFigures, type Spend, spendOf, sumTokens } from "../../../domain/figures.ts";
import { isStale } from "../../../domain/freshness.ts";
import type { MethodChoice } from "../../../domain/projection/choose_method.ts";
import type { Scorecard } from "../../../domain/projection/scorecard.ts";
import type { CycleSpend } from "../../../domain/report/reports.ts";
import type { Standing } from "../../../domain/report/standing.ts";
import type { Budget, Snapshot } from "../../../domain/stores.ts";
import type { TokenCounts } from "../../../domain/usage.ts";
import { type AnswerText, answerText } from "../../answer_text.ts";
import { cycleLine } from "../../cycle_line.ts";
import { type Notices, noticesOf } from "../../notices.ts";
import type { WebServices } from "../app.tsx";
import { formatAge, formatMoment } from "../format.ts";
import type { Freshness } from "./layout.tsx";

/** What the usage page shows. */
export interface HomeView {
  readonly freshness: Freshness;
  /** Why there are no new figures, what is about to keep them from coming, and what mends it. */
  readonly notices: Notices;
  readonly figures: HomeFigures | null;
}

/** The figures of a cycle. */
export interface HomeFigures {
  readonly line: string;
  readonly answer: AnswerText;
  readonly standing: Standing;
  readonly costToYou: Spend;
  readonly tokens: TokenCounts;
  readonly models: readonly ModelFigures[];
  readonly timeZone: string;
  readonly spendMetric: "api_cost" | "cost_to_you";
  readonly cycles: readonly CycleSpend[];
  readonly budgets: readonly Budget[];
  readonly scorecard: Scorecard;
  readonly choice: MethodChoice;
}

/** Reads what the page shows of a cycle, the current one by default; figures are null where there is none. */
export function homeView(
  { reports, ...services }: WebServices,
  key?: Temporal.PlainDate,
): HomeView {
  const { stores, clock, config: { timeZone, spendMetric } } = services;
  const standing = reports.standing(reports.cycle(key));
  return {
    freshness: freshnessOf(stores.usage.latest(), { now: clock.now(), timeZone }),
    notices: noticesOf(services),
    figures: standing === null ? null : {
      line: cycleLine(standing, timeZone),
      answer: answerText(standing, timeZone),
      standing,
      costToYou: spendOf(standing.rows, "cost_to_you"),
      tokens: sumTokens(standing.rows.map(({ tokens }) => tokens)),
      models: figuresByModel(standing.rows),
      timeZone,
      spendMetric,
      cycles: reports.cycles(),
      budgets: stores.budgets.list(),
      scorecard: reports.scorecard(),
      choice: reports.method(),
    },
  };
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
