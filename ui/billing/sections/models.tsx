import type { ExpensiveModel } from "../../../domain/billing/analytics/spend.ts";
import { formatMicros } from "../../../domain/money.ts";
import type { BillingView } from "../view.ts";
import { ModelName, Section, Share, SortableTable, Spark, TrendCell, UserName } from "./table.tsx";

/** Which models cost the most overall. */
export function TopModels({ view }: { view: BillingView }) {
  const { models, summary, colorOf } = view;
  return (
    <Section id="models" title="Top cost models" note="What each model was billed, the costliest first">
      <SortableTable
        label="Top cost models"
        rows={models}
        columns={[
          {
            name: "Model",
            cell: ({ model }) => <ModelName model={model} colorOf={colorOf} />,
            sortBy: ({ model }) => model,
          },
          { name: "Spent", money: ({ total }) => total },
          {
            name: "Share",
            isNumber: true,
            cell: ({ total }) => <Share share={summary.total === 0 ? null : total / summary.total} />,
            sortBy: ({ total }) => total,
          },
          { name: "Requests", count: ({ requests }) => requests },
          { name: "Tokens", tokens: ({ tokens }) => tokens },
          { name: "Per request", money: ({ average }) => average },
          { name: "Users", isNumber: true, cell: ({ users }) => users, sortBy: ({ users }) => users },
          {
            name: "Trend",
            isNumber: true,
            cell: ({ trend }) => <TrendCell trend={trend} />,
            sortBy: ({ trend }) => trend?.growthRatio ?? null,
          },
          { name: "Months", cell: ({ months }) => <Spark months={months} /> },
        ]}
      />
    </Section>
  );
}

/** Which users use the costliest models, and who always does. */
export function ExpensiveModels({ view }: { view: BillingView }) {
  const { expensive, choices, hrefOfUser, topUsers } = view;
  if (expensive.length === 0) return null;
  return (
    <Section
      id="expensive"
      title="Users × expensive models"
      note="Models whose request costs more than the team's average request, and who chooses them"
    >
      <h3>Who picks expensive models</h3>
      <SortableTable
        label="Who picks expensive models"
        rows={choices.slice(0, topUsers)}
        columns={[
          {
            name: "User",
            cell: ({ user, isAlwaysExpensive }) => (
              <>
                <UserName user={user} hrefOfUser={hrefOfUser} />{" "}
                {isAlwaysExpensive ? <span class="badge warn">always</span> : null}
              </>
            ),
            sortBy: ({ user }) => user,
          },
          {
            name: "Requests to expensive models",
            isNumber: true,
            cell: ({ expensiveShare }) => <Share share={expensiveShare} />,
            sortBy: ({ expensiveShare }) => expensiveShare,
          },
          { name: "Spent on them", money: ({ expensiveMicros }) => expensiveMicros },
          { name: "All requests", count: ({ requests }) => requests },
        ]}
      />
      <div class="columns">{expensive.map((model) => <OneModel expensive={model} view={view} />)}</div>
    </Section>
  );
}

function OneModel({ expensive, view }: { expensive: ExpensiveModel; view: BillingView }) {
  const { colorOf, hrefOfUser, topUsers } = view;
  const { model, total, average, users } = expensive;
  return (
    <div class="part">
      <h3>
        <ModelName model={model} colorOf={colorOf} />
      </h3>
      <p class="note">{formatMicros(total)}, {formatMicros(average)} per request</p>
      <SortableTable
        label={`Users of ${model}`}
        rows={users.slice(0, topUsers)}
        columns={[
          {
            name: "User",
            cell: ({ user }) => <UserName user={user} hrefOfUser={hrefOfUser} />,
            sortBy: ({ user }) => user,
          },
          { name: "Spent", money: ({ micros }) => micros },
          { name: "Requests", count: ({ requests }) => requests },
          { name: "Of own", share: ({ requestShare }) => requestShare },
        ]}
      />
    </div>
  );
}
