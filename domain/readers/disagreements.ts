import type { UsageRow } from "../capture/usage.ts";
import type { BillingCycle } from "../cycle.ts";
import { formatMicros, type Micros, micros } from "../money.ts";
import type { Reading } from "./reading.ts";

/** Two payloads of one capture that tell different amounts for one figure. The trusted one is used. */
export interface Disagreement {
  /** "API cost of gpt-5", "On-demand used", "billing cycle start". */
  readonly figure: string;
  readonly trusted: { readonly source: string; readonly value: string };
  readonly other: { readonly source: string; readonly value: string };
  /** How far apart two amounts are; null where the figure is no amount. */
  readonly difference: Micros | null;
}

/** A reading with the name of the shape that it was read from. */
interface NamedReading {
  readonly name: string;
  readonly reading: Reading;
}

/** Amounts that differ by no more than one cent agree: cents are rounded somewhere. */
const TOLERANCE_MICROS = 10_000;
const TOLERANCE_SECONDS = 1;

type Figure = { readonly amount: Micros } | { readonly instant: Temporal.Instant };

/** What the readings, most trusted first, tell differently. A figure that one of them does not tell is no disagreement. */
export function disagreementsOf(readings: readonly NamedReading[]): Disagreement[] {
  const trusted = new Map<string, { source: string; figure: Figure }>();
  const found: Disagreement[] = [];
  for (const { name, reading } of readings) {
    for (const [key, figure] of figuresOf(reading)) {
      const first = trusted.get(key);
      if (first === undefined) {
        trusted.set(key, { source: name, figure });
        continue;
      }
      const difference = differenceOf(first.figure, figure);
      if (difference === null) continue;
      found.push({
        figure: key,
        trusted: { source: first.source, value: textOf(first.figure) },
        other: { source: name, value: textOf(figure) },
        difference: difference.amount,
      });
    }
  }
  return found;
}

function* figuresOf({ rows, statedTotal, pools, cycle }: Reading): Iterable<[string, Figure]> {
  for (const { model, apiCost, costToYou } of rows ?? []) {
    if (apiCost !== null) yield [`API cost of ${model}`, { amount: apiCost }];
    if (costToYou !== null) yield [`cost to you of ${model}`, { amount: costToYou }];
  }
  yield* totalsOf({ rows: rows ?? [], statedTotal: statedTotal ?? null });
  for (const { name, used, limit } of pools ?? []) {
    if (used !== null) yield [`${name} used`, { amount: used }];
    if (limit !== null) yield [`${name} limit`, { amount: limit }];
  }
  yield* boundsOf(cycle);
}

/** The sum of the rows, and what the payload itself says it is. Rounded rows add up to more than a cent: not across payloads. */
function* totalsOf(
  { rows, statedTotal }: { rows: readonly UsageRow[]; statedTotal: Micros | null },
): Iterable<[string, Figure]> {
  const sum = knownSum(rows.map(({ apiCost }) => apiCost));
  if (sum === null || statedTotal === null) return;
  yield ["API cost of all models", { amount: sum }];
  yield ["API cost of all models", { amount: statedTotal }];
}

function* boundsOf(cycle: BillingCycle | undefined): Iterable<[string, Figure]> {
  if (cycle === undefined) return;
  if (cycle.startAt !== null) yield ["billing cycle start", { instant: cycle.startAt }];
  if (cycle.endAt !== null) yield ["billing cycle end", { instant: cycle.endAt }];
}

/** The sum; null where a part is unknown, and beyond what an integer can hold. */
function knownSum(amounts: readonly (Micros | null)[]): Micros | null {
  const sum = amounts.reduce<number>((total, amount) => total + (amount ?? NaN), 0);
  return amounts.length > 0 && Number.isSafeInteger(sum) ? micros(sum) : null;
}

function differenceOf(a: Figure, b: Figure): { amount: Micros | null } | null {
  if ("amount" in a && "amount" in b) {
    const difference = Math.abs(a.amount - b.amount);
    return difference > TOLERANCE_MICROS ? { amount: micros(difference) } : null;
  }
  if (!("instant" in a && "instant" in b)) return null;
  const seconds = Math.abs(a.instant.until(b.instant).total("seconds"));
  return seconds > TOLERANCE_SECONDS ? { amount: null } : null;
}

function textOf(figure: Figure): string {
  return "amount" in figure ? formatMicros(figure.amount) : figure.instant.toString();
}
