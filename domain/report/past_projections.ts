import { cycleEnd } from "../cycle.ts";
import { totalDays } from "../history/days.ts";
import { backtest, type Trial } from "../projection/backtest.ts";
import { type Scorecard, scorecard } from "../projection/scorecard.ts";
import { daySpends } from "../projection/spending.ts";
import type { StoredCycle } from "../stores.ts";
import type { ReportParts } from "./parts.ts";

/** A finished cycle counts when its last check came at most this long before its end. */
const LAST_CHECK_WITHIN_HOURS = 24;

interface Tried {
  readonly lastSnapshotId: number;
  readonly trials: readonly Trial[];
}

/** How past projections did. A finished cycle is tried once and remembered until history changes it. */
export class PastProjections {
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
