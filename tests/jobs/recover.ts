import type { Stores } from "../../domain/stores.ts";

/** Ends the open alerts of a kind, as things that are well again. */
export function recover(
  { alerts }: Pick<Stores, "alerts">,
  { kind = "scrape_error", at }: { kind?: string; at: Temporal.Instant },
): void {
  for (const { id } of alerts.listOpen(kind)) alerts.close(id, { at, isRecovered: true });
}
