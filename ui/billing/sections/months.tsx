import { formatMicros } from "../../../domain/money.ts";
import { formatDelta, formatGrowth, nameOfMonth } from "../../words/billing.ts";
import { counted, formatCount, formatInteger } from "../../words/format.ts";
import type { BillingView, MonthView } from "../view.ts";
import { ModelName, Section, SortableTable, UserName } from "./table.tsx";
import type { Child } from "@hono/hono/jsx";

/** Older months are one click away. */
const OPEN_MONTHS = 6;

/** Total per month, with what changed. */
export function MonthlyTrend({ months }: { months: readonly MonthView[] }) {
  return (
    <Section
      id="trend"
      title="Monthly billing trend"
      note="On-demand spend per calendar month (UTC); grey while a month is open"
    >
      <div class="chart" id="trend-chart" />
      <SortableTable
        label="Monthly billing trend"
        rows={months.map(({ spend }) => spend)}
        columns={[
          {
            name: "Month",
            cell: ({ month, isComplete }) => <MonthName month={month} isComplete={isComplete} />,
            sortBy: ({ month }) => month,
          },
          { name: "Spent", money: ({ total }) => total },
          {
            name: "Change",
            isNumber: true,
            cell: ({ change, isComplete }) => <SoFar isComplete={isComplete}>{formatDelta(change)}</SoFar>,
            sortBy: ({ change }) => change?.delta ?? null,
          },
          {
            name: "Growth",
            isNumber: true,
            cell: ({ change, isComplete }) => (
              <SoFar isComplete={isComplete}>{formatGrowth(change?.growthRatio ?? null)}</SoFar>
            ),
            sortBy: ({ change }) => change?.growthRatio ?? null,
          },
          { name: "Requests", count: ({ events }) => events },
        ]}
      />
    </Section>
  );
}

/** Per month what each model came to, as Cursor's own dashboard lists it. */
export function MonthlyModels({ view }: { view: BillingView }) {
  return (
    <Section id="month-models" title="Monthly model breakdown" note="Per month, the costliest model first">
      <div class="chart" id="models-chart" />
      <MonthParts
        months={view.months}
        draw={({ spend, models }) => (
          <SortableTable
            label={`Models in ${nameOfMonth(spend.month)}`}
            rows={models}
            columns={[
              {
                name: "Model",
                cell: ({ model }) => <ModelName model={model} colorOf={view.colorOf} />,
                sortBy: ({ model }) => model,
              },
              { name: "Tokens", tokens: ({ tokens }) => tokens },
              { name: "Requests", count: ({ requests }) => requests },
              { name: "Cost", money: ({ micros }) => micros },
            ]}
            foot={[
              "Total",
              formatCount(models.reduce((sum, { tokens }) => sum + tokens, 0)),
              formatInteger(models.reduce((sum, { requests }) => sum + requests, 0)),
              formatMicros(spend.total),
            ]}
          />
        )}
      />
    </Section>
  );
}

/** Per month the top spenders with the model they used most. */
export function MonthlyUsers({ view }: { view: BillingView }) {
  return (
    <Section id="month-users" title="Monthly user breakdown" note="Per month, the top spender first">
      <MonthParts
        months={view.months}
        draw={({ spend, users }) => (
          <SortableTable
            label={`Users in ${nameOfMonth(spend.month)}`}
            rows={users.slice(0, view.topUsers)}
            columns={[
              {
                name: "User",
                cell: ({ user }) => <UserName user={user} hrefOfUser={view.hrefOfUser} />,
                sortBy: ({ user }) => user,
              },
              { name: "Spent", money: ({ micros }) => micros },
              { name: "Requests", count: ({ requests }) => requests },
              {
                name: "Top model",
                cell: ({ topModel }) => topModel === null ? "–" : <ModelName model={topModel} colorOf={view.colorOf} />,
                sortBy: ({ topModel }) => topModel,
              },
            ]}
          />
        )}
      />
    </Section>
  );
}

function MonthParts({ months, draw }: { months: readonly MonthView[]; draw: (month: MonthView) => Child }) {
  const part = (month: MonthView) => (
    <div class="part">
      <h3>
        <MonthName month={month.spend.month} isComplete={month.spend.isComplete} />
      </h3>
      {draw(month)}
    </div>
  );
  const older = months.slice(OPEN_MONTHS);
  return (
    <>
      <div class="columns">{months.slice(0, OPEN_MONTHS).map(part)}</div>
      {older.length === 0 ? null : (
        <details>
          <summary>{counted(older.length, "earlier month")}</summary>
          <div class="columns">{older.map(part)}</div>
        </details>
      )}
    </>
  );
}

/** A part of a month against a whole one is no change yet. */
function SoFar({ isComplete, children }: { isComplete: boolean; children: Child }) {
  return isComplete ? <>{children}</> : <span class="so-far" title="So far: the month is still open">{children}</span>;
}

function MonthName({ month, isComplete }: { month: string; isComplete: boolean }) {
  return (
    <>
      {nameOfMonth(month)} {isComplete ? null : <span class="badge open" title="It can still change">open</span>}
    </>
  );
}
