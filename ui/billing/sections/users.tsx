import type { BillingView } from "../view.ts";
import { ModelName, Section, Share, SortableTable, Spark, TrendCell, UserName } from "./table.tsx";

/** Which users created the most cost. */
export function TopUsers({ view }: { view: BillingView }) {
  const { users, summary, colorOf, hrefOfUser, topUsers } = view;
  const shown = users.slice(0, topUsers);
  const more = users.length - shown.length;
  return (
    <Section
      id="users"
      title="Top cost users"
      note={`What each user was billed over all months${
        more > 0 ? `; ${more} more spent less` : ""
      }. Trend: the two newest complete months`}
    >
      <SortableTable
        label="Top cost users"
        rows={shown}
        columns={[
          {
            name: "User",
            cell: ({ user }) => <UserName user={user} hrefOfUser={hrefOfUser} />,
            sortBy: ({ user }) => user,
          },
          { name: "Spent", money: ({ total }) => total },
          {
            name: "Share",
            isNumber: true,
            cell: ({ total }) => <Share share={summary.total === 0 ? null : total / summary.total} />,
            sortBy: ({ total }) => total,
          },
          {
            name: "Most-used model",
            cell: ({ topModel }) => topModel === null ? "–" : <ModelName model={topModel} colorOf={colorOf} />,
            sortBy: ({ topModel }) => topModel,
          },
          { name: "Requests", count: ({ requests }) => requests },
          { name: "Per request", money: ({ average }) => average },
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
