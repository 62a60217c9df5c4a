import { raw } from "@hono/hono/html";
import type { BillingView } from "./billing_view.ts";
import { jsonForScript } from "../web/tiles/chart.ts";
import { chartData } from "./chart_data.ts";
import { SummaryCards } from "./sections/cards.tsx";
import { Excluded } from "./sections/excluded.tsx";
import { ExpensiveModels } from "./sections/expensive_models.tsx";
import { TopModels } from "./sections/models.tsx";
import { MonthlyModels, MonthlyTrend, MonthlyUsers } from "./sections/months.tsx";
import { TopUsers } from "./sections/users.tsx";

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
