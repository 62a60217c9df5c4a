import type { ParsedPayload } from "../capture/capture.ts";
import type { Invoice, Limit, Pool, UsageRow } from "../capture/usage.ts";
import type { BillingCycle } from "../cycle.ts";
import type { EventPage } from "../events/pages.ts";
import { readInstant } from "../fields.ts";
import { isJsonObject, type Json } from "../json.ts";

/** Which days a payload's rows cover, as its request said. A request without dates means the current cycle. */
export type RowsScope =
  | { readonly kind: "current_cycle" }
  | { readonly kind: "interval"; readonly from: Temporal.Instant | null; readonly to: Temporal.Instant | null };

/** What one payload says. A part that it does not speak of is absent; `rows: []` means "none yet". */
export interface Reading {
  readonly rows?: readonly UsageRow[];
  readonly events?: EventPage;
  /** Days that `rows` or `events` cover. */
  readonly scope?: RowsScope;
  readonly cycle?: BillingCycle;
  readonly pools?: readonly Pool[];
  readonly limits?: readonly Limit[];
  readonly invoice?: Invoice;
  readonly membership?: string;
  /** Single records that could not be read, where the rest can. */
  readonly problems?: readonly string[];
}

/** Paths of which at least one must stand in a payload for a figure to be known (see `drift.ts` for paths). */
export interface Need {
  /** What is unknown without it, for a person: "API cost". */
  readonly figure: string;
  readonly anyOf: readonly string[];
}

/** Knows one shape. Answers null for any other; throws UnreadableField for its own shape with a value it can't read. */
export interface Recognizer {
  readonly name: string;
  /** Place in the order of trust where several payloads of a capture say the same thing; lower is trusted more. */
  readonly trust: number;
  readonly needs: readonly Need[];
  recognize(payload: ParsedPayload, context: { readonly capturedAt: Temporal.Instant }): Reading | null;
}

/** Which days a dashboard request asked for. @throws UnreadableField where a bound is no time. */
export function scopeOf(request: Json): RowsScope {
  if (!isJsonObject(request)) return { kind: "current_cycle" };
  const from = readInstant(request["startDate"], "startDate");
  const to = readInstant(request["endDate"], "endDate");
  return from === null && to === null ? { kind: "current_cycle" } : { kind: "interval", from, to };
}
