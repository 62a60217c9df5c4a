import { MemoryRollupStore } from "../../adapters/memory/rollup_store.ts";
import type { Rollup } from "../../domain/billing/aggregate.ts";
import type { RolledUpMonth } from "../../domain/billing/ports.ts";

/** Rollups in memory that count how often a month was replaced. */
export class MemoryRollups extends MemoryRollupStore {
  replaced = 0;

  override replace(month: Omit<RolledUpMonth, "events">, rollup: Rollup): void {
    this.replaced++;
    super.replace(month, rollup);
  }
}
