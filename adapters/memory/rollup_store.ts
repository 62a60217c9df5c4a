import { type ExcludedSum, sumByReason } from "../../domain/billing/ledger.ts";
import type { RolledUpMonth, Rollup, RollupRow, RollupStore } from "../../domain/billing/rollup.ts";

interface KeptMonth {
  readonly about: RolledUpMonth;
  readonly rollup: Rollup;
}

/** Rollups in memory. */
export class MemoryRollupStore implements RollupStore {
  #months: ReadonlyMap<string, KeptMonth> = new Map();

  replace(month: Omit<RolledUpMonth, "events">, rollup: Rollup): void {
    const events = rollup.rows.reduce((sum, row) => sum + row.requests, 0);
    this.#months = new Map([...this.#months, [month.month, { about: { ...month, events }, rollup }]]);
  }

  months(): RolledUpMonth[] {
    return this.#all().map(({ about }) => about);
  }

  rows({ months, user, model }: { months?: readonly string[]; user?: string; model?: string } = {}): RollupRow[] {
    return this.#all().flatMap(({ rollup }) => rollup.rows).filter((row) =>
      (months?.includes(row.month) ?? true) && row.user === (user ?? row.user) && row.model === (model ?? row.model)
    );
  }

  excluded({ months, user }: { months?: readonly string[]; user?: string } = {}): ExcludedSum[] {
    const chosen = this.#all().filter(({ about }) => months?.includes(about.month) ?? true);
    return sumByReason(
      chosen.flatMap(({ rollup }) => rollup.excluded).filter((entry) => entry.user === (user ?? entry.user)),
    );
  }

  /** What puts back what is kept now. */
  snapshot(): () => void {
    const before = this.#months;
    return () => {
      this.#months = before;
    };
  }

  #all(): KeptMonth[] {
    return [...this.#months.values()].sort((a, b) => a.about.month < b.about.month ? -1 : 1);
  }
}
