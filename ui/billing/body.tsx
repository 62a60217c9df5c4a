import { type Micros, micros, sumMicros, ZERO } from "../../domain/money.ts";
import { jsonForScript } from "../tiles/chart.ts";
import { shortMonth } from "../words/billing.ts";
import { Excluded, SummaryCards } from "./sections/cards.tsx";
import { ExpensiveModels, TopModels } from "./sections/models.tsx";
import { MonthlyModels, MonthlyTrend, MonthlyUsers } from "./sections/months.tsx";
import { TopUsers } from "./sections/users.tsx";
import type { BillingView, MonthView } from "./view.ts";
import { raw } from "@hono/hono/html";

/** All sections, as the report and the billing page have them. `isOneUser` leaves out what compares users. */
export function BillingBody({ view, isOneUser = false }: { view: BillingView; isOneUser?: boolean }) {
  return (
    <>
      <SummaryCards view={view} isOneUser={isOneUser} />
      {view.months.length === 0 ? null : (
        <>
          <MonthlyTrend months={view.months} />
          {isOneUser ? null : <TopUsers view={view} />}
          {isOneUser ? null : <ExpensiveModels view={view} />}
          <TopModels view={view} />
          <MonthlyModels view={view} />
          {isOneUser ? null : <MonthlyUsers view={view} />}
          <Excluded view={view} />
          <script type="application/json" id="billing-charts">{raw(jsonForScript(chartData(view)))}</script>
        </>
      )}
    </>
  );
}

/** What the page's script draws; amounts are dollars. */
interface ChartData {
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
function chartData({ months, colorOf }: Pick<BillingView, "months" | "colorOf">): ChartData {
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
