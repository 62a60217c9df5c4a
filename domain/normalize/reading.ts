import type { ParsedPayload } from "../capture.ts";
import type { BillingCycle, Pool, UsageRow } from "../usage.ts";

/** Which days a payload's rows cover, as its request said. A request without dates means the current cycle. */
export type RowsScope =
  | { readonly kind: "current_cycle" }
  | { readonly kind: "interval"; readonly from: Temporal.Instant | null; readonly to: Temporal.Instant | null };

/** What one payload says. A part that it does not speak of is absent; `rows: []` means "none yet". */
export interface Reading {
  readonly rows?: readonly UsageRow[];
  readonly scope?: RowsScope;
  readonly cycle?: BillingCycle;
  readonly pools?: readonly Pool[];
  readonly membership?: string;
}

/** Knows one shape. Answers null for any other; throws UnreadableField for its own shape with a value it can't read. */
export interface Recognizer {
  readonly name: string;
  /** Place in the order of trust where several payloads of a capture say the same thing; lower is trusted more. */
  readonly trust: number;
  recognize(payload: ParsedPayload, context: { readonly capturedAt: Temporal.Instant }): Reading | null;
}
