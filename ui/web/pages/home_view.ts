import { figuresByModel, type ModelFigures, type Spend, spendOf, sumTokens } from "../../../domain/figures.ts";
import type { MethodChoice } from "../../../domain/projection/choose_method.ts";
import type { Scorecard } from "../../../domain/projection/scorecard.ts";
import type { CycleSpend } from "../../../domain/report/reports.ts";
import type { Standing } from "../../../domain/report/standing.ts";
import type { Alert, Budget } from "../../../domain/stores.ts";
import type { TokenCounts } from "../../../domain/usage.ts";
import { type AnswerText, answerText } from "../../answer_text.ts";
import { cycleLine } from "../../cycle_line.ts";
import type { WebServices } from "../app.tsx";
import { freshnessOf } from "./freshness.ts";
import type { Freshness } from "./layout.tsx";

/** What the usage page shows. */
export interface HomeView {
  readonly freshness: Freshness;
  /** Why there are no new figures, and what mends it; null where all is well. */
  readonly trouble: Alert | null;
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
  { stores, clock, config, reports }: WebServices,
  key?: Temporal.PlainDate,
): HomeView {
  const { timeZone, spendMetric } = config;
  const standing = reports.standing(reports.cycle(key));
  return {
    freshness: freshnessOf({ stores, clock, config }),
    trouble: stores.alerts.listOpen("scrape_error")[0] ?? null,
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
