import type { CostBasis } from "../../../domain/usage.ts";

/** What a badge means, for who points at it. */
const MEANINGS: Readonly<Record<CostBasis, string>> = {
  billed: "Charged on top of the plan",
  included: "At API prices, covered by what the plan includes",
  estimated: "Worked out: a share of what came while nobody looked",
  unknown: "Cursor does not tell this cost; it is in no total",
};

/** A badge that says what a figure is. */
export function Badge({ basis }: { basis: CostBasis }) {
  return <span class={`badge ${basis}`} title={MEANINGS[basis]}>{basis === "unknown" ? "cost unknown" : basis}</span>;
}
