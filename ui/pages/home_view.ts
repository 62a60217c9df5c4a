import { isStale, type TokenCounts } from "../../domain/capture/usage.ts";
import type { ModelDay } from "../../domain/history/model_history.ts";
import type { StoredCycle } from "../../domain/history/stored_cycle.ts";
import type { MethodChoice, Scorecard } from "../../domain/projection/scorecard.ts";
import type { PayloadShape } from "../../domain/readers/shapes.ts";
import type { Budget } from "../../domain/report/budget.ts";
import { cumulativeSpend, type SpentBy } from "../../domain/report/days.ts";
import { figuresByModel, type ModelFigures, type Spend, spendOf, sumTokens } from "../../domain/report/models.ts";
import type { CycleSpend } from "../../domain/report/reports.ts";
import { type DaySpan, daySpans } from "../../domain/report/spans.ts";
import type { Standing } from "../../domain/report/standing.ts";
import { type ByDay, byDay, type Range, RANGES } from "../tiles/by_day.ts";
import type { WebServices } from "../web/context.ts";
import { formatMoment } from "../words/format.ts";
import { type ModelColors, modelColors } from "../words/model_colors.ts";
import { type Notices, noticesOf } from "../words/notices.ts";
import { type AnswerText, answerText, cycleLine } from "../words/status.ts";
import { type Freshness, freshnessOf } from "./layout.tsx";

/** What is asked for: a cycle, the current one by default, and the days that charts show. */
interface HomeQuery {
  readonly key?: Temporal.PlainDate | undefined;
  readonly range?: Range | undefined;
}

/** What the usage page shows. */
export interface HomeView {
  readonly freshness: Freshness;
  /** Why there are no new figures, what is about to keep them from coming, and what mends it. */
  readonly notices: Notices;
  /** Endpoints that no longer tell figures that they used to tell. */
  readonly drifted: readonly PayloadShape[];
  /** How long nothing has been heard; null where the figures are fresh, or trouble says why they are not. */
  readonly staleSince: string | null;
  readonly figures: HomeFigures | null;
  /** Days that are known from events alone, where there is no cycle yet. */
  readonly imported: ByDay | null;
}

/** A cycle before the one that is shown. */
interface PreviousCycle {
  readonly cycle: CycleSpend;
  readonly points: readonly SpentBy[];
}

/** The figures of a cycle. */
export interface HomeFigures {
  readonly line: string;
  readonly answer: AnswerText;
  readonly standing: Standing;
  /** The local date that the figures are told for. */
  readonly asOfDate: Temporal.PlainDate;
  readonly costToYou: Spend;
  readonly tokens: TokenCounts;
  readonly models: readonly ModelFigures[];
  readonly colors: ModelColors;
  /** The cycle's days; by model too. */
  readonly cycleSpans: readonly DaySpan[];
  readonly cycleModels: readonly ModelDay[];
  readonly points: readonly SpentBy[];
  readonly previous: PreviousCycle | null;
  /** The days of the range that is asked for. */
  readonly byDay: ByDay;
  readonly timeZone: string;
  readonly spendMetric: "api_cost" | "cost_to_you";
  readonly cycles: readonly CycleSpend[];
  readonly budgets: readonly Budget[];
  readonly scorecard: Scorecard;
  readonly choice: MethodChoice;
}

/** Reads what the page shows; figures are null where there are none yet. */
export function homeView(services: WebServices, { key, range = RANGES[0] }: HomeQuery = {}): HomeView {
  const { stores, clock, config, reports } = services;
  const { timeZone } = config;
  const standing = reports.standing(reports.cycle(key));
  const latest = stores.usage.latest();
  const notices = noticesOf(services);
  const isOld = latest !== null && notices.trouble === null && isStale(latest, clock.now());
  return {
    freshness: freshnessOf(services),
    notices,
    drifted: stores.shapes.list().filter(({ drift }) => drift.lostFigures.length > 0),
    staleSince: isOld ? formatMoment(latest.lastCheckedAt, timeZone) : null,
    figures: standing === null ? null : figuresOf(standing, { services, range }),
    imported: standing === null ? importedDays(services) : null,
  };
}

function figuresOf(
  standing: Standing,
  { services, range }: { services: WebServices; range: Range },
): HomeFigures {
  const { stores, config: { timeZone, spendMetric }, reports } = services;
  const { cycle, asOf, isCurrent } = standing;
  const cycles = reports.cycles();
  const cycleModels = reports.dailyByModel({ cycle });
  const cycleSpans = daySpans({ days: standing.days, models: cycleModels }, { metric: spendMetric, size: "day" });
  return {
    line: cycleLine(standing, timeZone),
    answer: answerText(standing, timeZone),
    standing,
    asOfDate: asOf.toZonedDateTimeISO(timeZone).toPlainDate(),
    costToYou: spendOf(standing.rows, "cost_to_you"),
    tokens: sumTokens(standing.rows.map(({ tokens }) => tokens)),
    models: figuresByModel(standing.rows),
    colors: modelColors(services),
    cycleSpans,
    cycleModels,
    points: cumulativeSpend(cycleSpans, { cycle, until: asOf, timeZone }),
    previous: previousOf(cycle, { services, cycles }),
    byDay: daysOf(services, { range, cycle, openDate: isCurrent ? cycleSpans.at(-1)?.to ?? null : null }),
    timeZone,
    spendMetric,
    cycles,
    budgets: stores.budgets.list(),
    scorecard: reports.scorecard(),
    choice: reports.method(),
  };
}

function daysOf(
  { clock, config: { timeZone, spendMetric: metric }, reports }: WebServices,
  of: { range: Range; cycle: StoredCycle | null; openDate: Temporal.PlainDate | null },
): ByDay {
  const today = clock.now().toZonedDateTimeISO(timeZone).toPlainDate();
  return byDay(reports, { ...of, metric, today });
}

/** The cycle that came right before, summed up day by day. */
function previousOf(
  cycle: StoredCycle,
  { services: { config, reports }, cycles }: { services: WebServices; cycles: readonly CycleSpend[] },
): PreviousCycle | null {
  const previous = cycles[cycles.findIndex((each) => each.cycle.id === cycle.id) + 1];
  if (previous === undefined || previous.cycle.id === cycle.id) return null;
  const filter = { cycle: previous.cycle };
  const days = { days: reports.daily(filter), models: reports.dailyByModel(filter) };
  const spans = daySpans(days, { metric: config.spendMetric, size: "day" });
  const until = previous.last.lastCheckedAt;
  return { cycle: previous, points: cumulativeSpend(spans, { ...filter, until, timeZone: config.timeZone }) };
}

function importedDays(services: WebServices): ByDay | null {
  const days = daysOf(services, { range: RANGES[3], cycle: null, openDate: null });
  return days.spans.length === 0 ? null : days;
}
