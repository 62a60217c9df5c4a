import { MemoryRollupStore } from "../../adapters/memory/rollup_store.ts";
import type { RolledUpMonth, Rollup } from "../../domain/billing/rollup.ts";

/** Rollups in memory that count how often a month was replaced. */
export class MemoryRollups extends MemoryRollupStore {
  replaced = 0;

  override replace(month: Omit<RolledUpMonth, "events">, rollup: Rollup): void {
    this.replaced++;
    super.replace(month, rollup);
  }
}
