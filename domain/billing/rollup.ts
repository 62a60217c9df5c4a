import type { TokenCounts } from "../capture/usage.ts";
import type { JsonObject } from "../json.ts";
import { type Micros, micros } from "../money.ts";
import { modelOf } from "../readers/event.ts";
import { billableOf, userOf } from "./billable.ts";
import { type ExcludedSum, Ledger, type LedgerEntry, ledgerEntry } from "./ledger.ts";

/** What one user was billed for one model in one month. */
export interface RollupRow {
  /** "2026-01". */
  readonly month: string;
  readonly user: string;
  readonly model: string;
  readonly micros: Micros;
  readonly requests: number;
  readonly tokens: TokenCounts;
}

/** A month's events in short: the billed ones by user and model, the others by reason. */
export interface Rollup {
  readonly rows: readonly RollupRow[];
  readonly excluded: readonly LedgerEntry[];
  /** All events that went in. */
  readonly events: number;
}

interface Sum {
  micros: number;
  requests: number;
  inputWithCacheWrite: number;
  inputWithoutCacheWrite: number;
  cacheRead: number;
  output: number;
}

/** Rolls a month's events up, one at a time: memory grows with users × models only. The order plays no part. */
export class MonthAggregator {
  readonly #month: string;
  readonly #users = new Map<string, Map<string, Sum>>();
  readonly #excluded = new Ledger();
  #events = 0;

  constructor(month: Temporal.PlainYearMonth) {
    this.#month = month.toString();
  }

  /** Answers whether the event is billed. */
  add(event: JsonObject): boolean {
    this.#events++;
    const verdict = billableOf(event);
    if (!verdict.isBilled) {
      this.#excluded.add(ledgerEntry(event, verdict));
      return false;
    }
    const sum = this.#sumOf(userOf(event), modelOf(event));
    const { amount, tokens } = verdict;
    sum.micros += amount;
    sum.requests++;
    sum.inputWithCacheWrite += tokens.inputWithCacheWrite;
    sum.inputWithoutCacheWrite += tokens.inputWithoutCacheWrite;
    sum.cacheRead += tokens.cacheRead;
    sum.output += tokens.output;
    return true;
  }

  /** Adds what a part of the month was rolled up to. */
  addPart({ rows, excluded }: Pick<Rollup, "rows" | "excluded">): void {
    for (const { user, model, micros, requests, tokens } of rows) {
      const sum = this.#sumOf(user, model);
      this.#events += requests;
      sum.micros += micros;
      sum.requests += requests;
      sum.inputWithCacheWrite += tokens.inputWithCacheWrite;
      sum.inputWithoutCacheWrite += tokens.inputWithoutCacheWrite;
      sum.cacheRead += tokens.cacheRead;
      sum.output += tokens.output;
    }
    for (const entry of excluded) {
      this.#events += entry.events;
      this.#excluded.add(entry);
    }
  }

  /** Rows by user, then model. @throws RangeError where a sum is too large to be exact. */
  result(): Rollup {
    const rows: RollupRow[] = [];
    for (const [user, models] of sorted(this.#users)) {
      for (const [model, sum] of sorted(models)) rows.push(this.#row(user, model, sum));
    }
    return { rows, excluded: this.#excluded.entries(), events: this.#events };
  }

  #sumOf(user: string, model: string): Sum {
    let models = this.#users.get(user);
    if (models === undefined) this.#users.set(user, models = new Map());
    let sum = models.get(model);
    if (sum === undefined) {
      sum = { micros: 0, requests: 0, inputWithCacheWrite: 0, inputWithoutCacheWrite: 0, cacheRead: 0, output: 0 };
      models.set(model, sum);
    }
    return sum;
  }

  #row(user: string, model: string, sum: Sum): RollupRow {
    const { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output } = sum;
    const total = inputWithCacheWrite + inputWithoutCacheWrite + cacheRead + output;
    return {
      month: this.#month,
      user,
      model,
      micros: micros(sum.micros),
      requests: sum.requests,
      tokens: { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total },
    };
  }
}

function sorted<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort(([a], [b]) => a < b ? -1 : 1);
}

/** What the store knows of a month. */
export interface RolledUpMonth {
  /** "2026-01". */
  readonly month: string;
  /** The file that the rollup was made from. */
  readonly fileId: string;
  readonly fetchedAt: Temporal.Instant | null;
  readonly isComplete: boolean;
  /** Billed events. */
  readonly events: number;
}

/** Rollups of month files: reports are made from these, however many events there are. */
export interface RollupStore {
  /** Replaces all that is known of the month. `rollup.excluded` is the whole ledger. */
  replace(month: Omit<RolledUpMonth, "events">, rollup: Rollup): void;
  /** Oldest first. */
  months(): RolledUpMonth[];
  /** By month, user, model. */
  rows(filter?: { months?: readonly string[]; user?: string; model?: string }): RollupRow[];
  /** What was left out, by reason, largest amount first. */
  excluded(filter?: { months?: readonly string[]; user?: string }): ExcludedSum[];
}
