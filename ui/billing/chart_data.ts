import { type Micros, micros, sumMicros, ZERO } from "../../domain/money.ts";
import type { BillingView, MonthView } from "./billing_view.ts";
import { shortMonth } from "./words.ts";

/** What the page's script draws; amounts are dollars. */
export interface ChartData {
  /** Oldest first. */
  readonly months: readonly { readonly name: string; readonly isOpen: boolean }[];
  readonly totals: readonly number[];
  /** `color` from 1; null for the models without a colour of their own, drawn together. */
  readonly models: readonly {
    readonly name: string;
    readonly color: number | null;
    readonly dollars: readonly number[];
  }[];
}

/** The figures of both charts. */
export function chartData({ months, colorOf }: Pick<BillingView, "months" | "colorOf">): ChartData {
  const oldestFirst = months.toReversed();
  const spendOf = (month: MonthView, isMeant: (model: string) => boolean): Micros =>
    sumMicros(month.models.filter(({ model }) => isMeant(model)).map((cell) => cell.micros)) ?? ZERO;
  const named = [...colorOf].map(([name, color]) => (
    { name, color, dollars: oldestFirst.map((month) => dollars(spendOf(month, (model) => model === name))) }
  )).filter((series) => hasAny(series.dollars));
  const others = oldestFirst.map((month) => dollars(spendOf(month, (model) => !colorOf.has(model))));
  return {
    months: oldestFirst.map(({ spend }) => ({ name: shortMonth(spend.month), isOpen: !spend.isComplete })),
    totals: oldestFirst.map(({ spend }) => dollars(spend.total)),
    models: hasAny(others) ? [...named, { name: "other models", color: null, dollars: others }] : named,
  };
}

function hasAny(dollars: readonly number[]): boolean {
  return dollars.some((amount) => amount !== 0);
}

function dollars(amount: Micros): number {
  return micros(amount) / 1_000_000;
}
