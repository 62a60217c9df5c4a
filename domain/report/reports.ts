import type { Day } from "../history/days.ts";
import { costOf, sumFigures } from "../history/figures.ts";
import type { ModelDay } from "../history/model_history.ts";
import type { Micros } from "../money.ts";
import { chooseMethod, type MethodChoice } from "../projection/choose_method.ts";
import type { Scorecard } from "../projection/scorecard.ts";
import type { Budget, Snapshot, StoredCycle } from "../stores.ts";
import { cycleEnd } from "../cycle.ts";
import { dailyDays } from "./daily.ts";
import type { DateRange } from "./date_range.ts";
import { modelDays } from "./model_days.ts";
import { PastProjections } from "./past_projections.ts";
import type { ReportParts } from "./parts.ts";
import { type Standing, standingOf } from "./standing.ts";

/** A cycle of the list of cycles. */
export interface CycleSpend {
  readonly cycle: StoredCycle;
  readonly last: Snapshot;
  readonly isCurrent: boolean;
  /** Null where a part of it is unknown. */
  readonly spend: Micros | null;
  /** The one that was in force at its end, or is now. */
  readonly budget: Budget | null;
}

/** A method that is set is taken whatever the past says. */
const NOT_ASKED: Scorecard = { cycles: 0, scores: [], byDay: [] };

/** What commands, pages and rules ask about history: one place, so that all of them give the same answer. */
export class Reports {
  readonly #parts: ReportParts;
  readonly #past: PastProjections;

  constructor(parts: ReportParts) {
    this.#parts = parts;
    this.#past = new PastProjections(parts);
  }

  /** The cycle with this key, or the current one; null where there is none. */
  cycle(key?: Temporal.PlainDate): StoredCycle | null {
    const { history } = this.#parts.stores;
    return key === undefined ? history.current() : history.find(key);
  }

  /** How a cycle stands, the current one by default. */
  standing(cycle: StoredCycle | null = this.cycle()): Standing | null {
    if (cycle === null) return null;
    const isCurrent = this.cycle()?.id === cycle.id;
    return standingOf(cycle, { parts: this.#parts, isCurrent, choice: this.method() });
  }

  /** The days of a cycle, or of all cycles between two dates. */
  daily(filter: { cycle?: StoredCycle } & Partial<DateRange>): Day[] {
    return dailyDays(this.#parts, filter);
  }

  /** The same days by model. */
  dailyByModel({ cycle, ...limits }: { cycle?: StoredCycle } & Partial<DateRange>): ModelDay[] {
    if (cycle === undefined) return modelDays(this.#parts, limits);
    return this.#parts.stores.history.days({ cycleId: cycle.id, ...limits });
  }

  /** How past projections did. */
  scorecard(): Scorecard {
    return this.#past.scorecard();
  }

  /** The method to project with, and why. */
  method(): MethodChoice {
    const setting = this.#parts.config.projectionMethod;
    return chooseMethod(setting, setting === "auto" ? this.scorecard() : NOT_ASKED);
  }

  /** All cycles with their spend, newest first. */
  cycles(): CycleSpend[] {
    const { stores, config, clock } = this.#parts;
    const current = this.cycle();
    const now = clock.now();
    return stores.history.cycles().flatMap((cycle) => {
      const last = stores.usage.find(cycle.lastSnapshotId);
      if (last === null) return [];
      const end = cycleEnd(cycle.cycle) ?? now;
      const isCurrent = cycle.id === current?.id;
      const budget = stores.budgets.at(Temporal.Instant.compare(end, now) < 0 ? end : now);
      const spend = costOf(sumFigures(stores.usage.rows(last.id)), config.spendMetric);
      return [{ cycle, last, isCurrent, spend, budget }];
    });
  }
}
