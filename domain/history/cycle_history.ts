import type { UsageRow } from "../capture/usage.ts";
import { type BillingCycle, cycleEnd, cycleStart, isSameCycle } from "../cycle.ts";
import { rowsByModel, type SnapshotFigures, totalTokens } from "./figures.ts";
import { type Gap, gapBetween, LocalDays } from "./local_days.ts";
import { type ModelDay, ModelHistory } from "./model_history.ts";
import { EventIndex, type OwnEventSource } from "./own_events.ts";

export interface CycleHistoryOptions {
  /** The zone whose days are meant, such as "Europe/Berlin". */
  readonly timeZone: string;
  /** Requests with their own times: where they are known, they decide the day. */
  readonly eventsOf?: OwnEventSource;
  /** The last check before the cycle's first snapshot: where the cycle does not tell its start, it began after this. */
  readonly previousCheckAt?: Temporal.Instant | null;
}

/**
 * The days of one cycle, built from its snapshots in order. Memory is bounded by the cycle's days and models.
 *
 * A delta belongs to the time from the last check before it to its snapshot and is spread evenly over that time: over
 * a midnight in proportion to the time on both sides. Days of a gap that is longer than three hours and crosses a
 * midnight are `estimated`. The cycle starts from zero at its start. A cost that was not told for a while belongs to
 * all that time once it is told again. A figure that falls is taken from the newest days. A model that vanishes takes
 * its days along, and brings them back when it returns; one that turns up under a new name keeps them.
 */
export class CycleHistory {
  readonly #days: LocalDays;
  readonly #events: EventIndex;
  readonly #previousCheckAt: Temporal.Instant | null;
  readonly #models = new Map<string, ModelHistory>();
  #cycle: BillingCycle | null = null;
  #last: SnapshotFigures | null = null;

  constructor({ timeZone, eventsOf = () => [], previousCheckAt = null }: CycleHistoryOptions) {
    this.#days = new LocalDays(timeZone);
    this.#events = new EventIndex(eventsOf, timeZone);
    this.#previousCheckAt = previousCheckAt;
  }

  /** The cycle, each bound as exactly as any snapshot told it; null before the first snapshot. */
  get cycle(): BillingCycle | null {
    return this.#cycle;
  }

  /** The newest snapshot taken in. */
  get last(): SnapshotFigures | null {
    return this.#last;
  }

  /**
   * Whether the snapshot goes on with this cycle: the same start date; or, where one of them does not tell its start or
   * the starts are a day apart (a page rounds to its reader's day), a cycle not over whose tokens have not fallen.
   */
  includes(snapshot: SnapshotFigures): boolean {
    if (this.#cycle === null || this.#last === null) return true;
    if (isSameCycle(this.#cycle, snapshot.cycle)) return true;
    if (!mayStartTogether(this.#cycle, snapshot.cycle)) return false;
    const end = cycleEnd(this.#cycle);
    const start = cycleStart(snapshot.cycle);
    const isOver = end !== null && Temporal.Instant.compare(snapshot.capturedAt, end) >= 0;
    const beganLater = start !== null && Temporal.Instant.compare(start, this.#last.capturedAt) > 0;
    return !isOver && !beganLater && totalTokens(snapshot.rows) >= totalTokens(this.#last.rows);
  }

  /**
   * Takes in the next snapshot; answers the local dates (ISO, in order) whose figures it changed.
   * @throws RangeError where the snapshot is older than the one before it.
   */
  add(snapshot: SnapshotFigures): string[] {
    if (this.#last !== null && Temporal.Instant.compare(snapshot.capturedAt, this.#last.capturedAt) < 0) {
      const at = snapshot.capturedAt;
      throw new RangeError(`Cannot add a snapshot as they must be in order of 'capturedAt': current value is ${at}`);
    }
    this.#cycle = this.#cycle === null ? snapshot.cycle : withKnownBounds(this.#cycle, snapshot.cycle);
    const touched = new Set<string>();
    const gap = this.#gapBefore(snapshot, cycleEnd(this.#cycle));
    const rows = rowsByModel(snapshot.rows);
    this.#settleMissing(rows, gap, touched);
    for (const row of rows.values()) this.#tell(row, gap, touched);
    this.#last = snapshot;
    return [...touched].sort();
  }

  /** Notes that the newest snapshot was found unchanged once more: what comes next came after this. */
  check(at: Temporal.Instant): void {
    if (this.#last !== null) this.#last = { ...this.#last, lastCheckedAt: at };
  }

  /**
   * Each model's figures of each day, by date and then model; days and models without figures are left out.
   * `only` limits it to these ISO dates.
   */
  days(only?: ReadonlySet<string>): ModelDay[] {
    return Array.from(this.#models, ([model, history]) => history.days(model, only)).flat()
      .sort((a, b) => Temporal.PlainDate.compare(a.date, b.date) || (a.model < b.model ? -1 : 1));
  }

  /** A snapshot taken after the cycle's end still tells of the cycle: what it adds came before the end. */
  #gapBefore(snapshot: SnapshotFigures, end: Temporal.Instant | null): Gap {
    const from = this.#lastCheckBefore(snapshot);
    const to = snapshot.capturedAt;
    if (end === null || Temporal.Instant.compare(to, end) <= 0) return gapBetween(from, to, this.#days);
    const isAllAfter = Temporal.Instant.compare(from, end) >= 0;
    return gapBetween(from, isAllAfter ? end.subtract({ milliseconds: 1 }) : end, this.#days);
  }

  #lastCheckBefore(snapshot: SnapshotFigures): Temporal.Instant {
    if (this.#last !== null) return this.#last.lastCheckedAt;
    return cycleStart(snapshot.cycle) ?? this.#previousCheckAt ?? snapshot.capturedAt;
  }

  #tell(row: UsageRow, gap: Gap, touched: Set<string>): void {
    const history = this.#models.get(row.model) ?? new ModelHistory();
    this.#models.set(row.model, history);
    history.tell(row, {
      gap,
      gapSince: (from) => gapBetween(from, gap.to, this.#days),
      eventsWithin: (within) => this.#events.within(row.model, within),
    }, touched);
  }

  /** A vanished model is taken for the one new model that has all its figures; else its days leave with it. */
  #settleMissing(rows: ReadonlyMap<string, UsageRow>, gap: Gap, touched: Set<string>): void {
    for (const [model, history] of [...this.#models]) {
      if (rows.has(model) || !history.isPresent) continue;
      const heirs = [...rows.values()].filter((row) => !this.#models.has(row.model) && history.canBecome(row));
      const heir = heirs.length === 1 ? heirs[0] : undefined;
      history.vanish(gap.from, touched);
      if (heir === undefined) continue;
      this.#models.delete(model);
      this.#models.set(heir.model, history);
    }
  }
}

function mayStartTogether(a: BillingCycle, b: BillingCycle): boolean {
  return a.start === null || b.start === null || Math.abs(a.start.until(b.start).days) <= 1;
}

/** The first known bounds stay; what was not told, or told only as a date, is taken from the newer one. */
function withKnownBounds(known: BillingCycle, newer: BillingCycle): BillingCycle {
  return {
    start: known.start ?? newer.start,
    end: newer.end ?? known.end,
    startAt: known.startAt ?? newer.startAt,
    endAt: newer.endAt ?? (newer.end === null || newer.end.equals(known.end ?? newer.end) ? known.endAt : null),
  };
}

/** How many cycles stay open, as the page may show the old one again for a while after a new one began. */
export const OPEN_CYCLES = 2;

interface OpenCyclesOptions {
  readonly timeZone: string;
  /** Requests with their own times, read once per cycle, gap by gap. */
  readonly eventsOf?: OwnEventSource;
  /** The last check before the first snapshot that is going to be added. */
  readonly previousCheckAt?: Temporal.Instant | null;
}

/** What became of a snapshot. */
interface Added {
  /** The cycle that it belongs to. */
  readonly history: CycleHistory;
  /** Whether it began this cycle. */
  readonly isNew: boolean;
  /** ISO dates whose figures it changed. */
  readonly touched: readonly string[];
  /** The cycle that nothing is added to any more, where the snapshot began a further one. */
  readonly closed: CycleHistory | null;
}

/** The newest cycles: those that the next snapshot may go on with. It begins a new one where it fits none of them. */
export class OpenCycles {
  readonly #options: OpenCyclesOptions;
  readonly #open: CycleHistory[] = [];
  #previousCheckAt: Temporal.Instant | null;
  #newest: CycleHistory | null = null;

  constructor(options: OpenCyclesOptions) {
    this.#options = options;
    this.#previousCheckAt = options.previousCheckAt ?? null;
  }

  /** Oldest first. */
  get open(): readonly CycleHistory[] {
    return this.#open;
  }

  /** Takes in the next snapshot in order of capture. */
  add(snapshot: SnapshotFigures): Added {
    const known = this.#open.findLast((candidate) => candidate.includes(snapshot));
    const history = known ?? this.#begin();
    const touched = history.add(snapshot);
    this.#newest = history;
    this.#previousCheckAt = snapshot.lastCheckedAt;
    const closed = this.#open.length > OPEN_CYCLES ? this.#open.shift() ?? null : null;
    return { history, isNew: known === undefined, touched, closed };
  }

  /** Notes that the newest snapshot was found unchanged once more. */
  check(at: Temporal.Instant): void {
    this.#newest?.check(at);
    this.#previousCheckAt = at;
  }

  #begin(): CycleHistory {
    const history = new CycleHistory({ ...this.#options, previousCheckAt: this.#previousCheckAt });
    this.#open.push(history);
    return history;
  }
}
