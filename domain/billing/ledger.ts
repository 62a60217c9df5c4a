import type { JsonObject } from "../json.ts";
import { type Micros, sumMicros, ZERO } from "../money.ts";
import { kindTextOf } from "../readers/event.ts";
import { type Billability, type Exclusion, userOf } from "./billable.ts";

/** Events of one user that were left out for one reason. */
export interface LedgerEntry {
  readonly reason: Exclusion;
  /** The kind as Cursor writes it. */
  readonly kind: string;
  readonly user: string;
  readonly events: number;
  /** Null where the cost of any of them is unknown. */
  readonly micros: Micros | null;
}

/** What was left out for one reason. */
export interface ExcludedSum {
  readonly reason: Exclusion;
  readonly events: number;
  /** What is known of the amount; null where none of it is. */
  readonly micros: Micros | null;
}

/** The entry of one event that is not billed. */
export function ledgerEntry(event: JsonObject, verdict: Extract<Billability, { isBilled: false }>): LedgerEntry {
  return { reason: verdict.reason, kind: kindTextOf(event), user: userOf(event), events: 1, micros: verdict.amount };
}

/** Adds up what was left out, by reason, kind and user; memory grows with these only. */
export class Ledger {
  readonly #entries = new Map<string, LedgerEntry>();

  /** Known and unknown amounts stay apart: one unknown cost must not hide the known ones. */
  add(entry: LedgerEntry): void {
    const { reason, kind, user, micros } = entry;
    // The kind's length says where it ends: a JSON text of the four costs several times as much.
    const key = `${reason} ${micros === null} ${kind.length} ${kind}${user}`;
    const sum = this.#entries.get(key);
    this.#entries.set(key, sum === undefined ? entry : addEntries(sum, entry));
  }

  /** In an order that depends on nothing but the entries. */
  entries(): LedgerEntry[] {
    return [...this.#entries.values()].sort((a, b) =>
      compare(a.reason, b.reason) || compare(a.kind, b.kind) || compare(a.user, b.user) ||
      Number(a.micros === null) - Number(b.micros === null)
    );
  }
}

/** The ledger by reason, largest amount first. */
export function sumByReason(entries: Iterable<ExcludedSum>): ExcludedSum[] {
  const sums = new Map<Exclusion, ExcludedSum>();
  for (const { reason, events, micros } of entries) {
    const sum = sums.get(reason);
    const known = micros === null || sum === undefined || sum.micros === null
      ? micros ?? sum?.micros ?? null
      : sumMicros([sum.micros, micros]);
    sums.set(reason, { reason, events: events + (sum?.events ?? 0), micros: known });
  }
  return [...sums.values()].sort((a, b) => (b.micros ?? ZERO) - (a.micros ?? ZERO) || (a.reason < b.reason ? -1 : 1));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function addEntries(a: LedgerEntry, b: LedgerEntry): LedgerEntry {
  return { ...a, events: a.events + b.events, micros: sumMicros([a.micros, b.micros]) };
}
