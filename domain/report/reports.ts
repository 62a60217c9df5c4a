import type { Snapshot } from "../capture/usage.ts";
import { cycleEnd } from "../cycle.ts";
import { type Day, totalDays } from "../history/days.ts";
import { costOf, sumFigures } from "../history/figures.ts";
import type { ModelDay } from "../history/model_history.ts";
import type { StoredCycle } from "../history/stored_cycle.ts";
import type { Micros } from "../money.ts";
import {
  backtest,
  chooseMethod,
  type MethodChoice,
  type Scorecard,
  scorecard,
  type Trial,
} from "../projection/scorecard.ts";
import { daySpends } from "../projection/spending.ts";
import type { Budget } from "./budget.ts";
import { dailyDays, type DateRange, modelDays, type ReportParts } from "./days.ts";
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

/** A finished cycle counts when its last check came at most this long before its end. */
const LAST_CHECK_WITHIN_HOURS = 24;

interface Tried {
  readonly lastSnapshotId: number;
  readonly trials: readonly Trial[];
}

/** How past projections did. A finished cycle is tried once and remembered until history changes it. */
class PastProjections {
  readonly #parts: ReportParts;
  #tried = new Map<number, Tried>();
  #scored: { readonly key: string; readonly card: Scorecard } | null = null;

  constructor(parts: ReportParts) {
    this.#parts = parts;
  }

  /** The scorecard over every cycle that is over and was watched to its end. */
  scorecard(): Scorecard {
    const finished = this.#parts.stores.history.cycles().filter((cycle) => this.#isFinished(cycle)).reverse();
    const key = finished.map(({ id, lastSnapshotId }) => `${id}:${lastSnapshotId}`).join();
    if (this.#scored?.key === key) return this.#scored.card;
    this.#tried = new Map(finished.map((cycle) => [cycle.id, this.#try(cycle)]));
    const card = scorecard([...this.#tried.values()].flatMap(({ trials }) => trials));
    this.#scored = { key, card };
    return card;
  }

  #isFinished({ id, cycle, lastSnapshotId }: StoredCycle): boolean {
    const end = cycleEnd(cycle);
    if (end === null || Temporal.Instant.compare(this.#parts.clock.now(), end) < 0) return false;
    if (this.#tried.get(id)?.lastSnapshotId === lastSnapshotId) return true;
    const last = this.#parts.stores.usage.find(lastSnapshotId);
    return last !== null && last.lastCheckedAt.until(end).total("hours") <= LAST_CHECK_WITHIN_HOURS;
  }

  #try({ id, cycle, lastSnapshotId }: StoredCycle): Tried {
    const known = this.#tried.get(id);
    if (known?.lastSnapshotId === lastSnapshotId) return known;
    const { stores, config } = this.#parts;
    const { spendMetric, timeZone, halfLifeDays } = config;
    const days = daySpends(totalDays(stores.history.days({ cycleId: id })), spendMetric);
    return { lastSnapshotId, trials: [...backtest([{ cycle, days }], { timeZone, halfLifeDays })] };
  }
}
