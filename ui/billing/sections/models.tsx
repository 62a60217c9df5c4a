import { formatMicros } from "../../../domain/money.ts";
import { formatCount } from "../../web/format.ts";
import type { BillingView } from "../billing_view.ts";
import { formatInteger } from "../words.ts";
import { ModelName, Share, Spark, TrendCell } from "./parts.tsx";
import { Section, SortableTable } from "./table.tsx";

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
          { name: "Spent", isNumber: true, cell: ({ total }) => formatMicros(total), sortBy: ({ total }) => total },
          {
            name: "Share",
            isNumber: true,
            cell: ({ total }) => <Share share={summary.total === 0 ? null : total / summary.total} />,
            sortBy: ({ total }) => total,
          },
          {
            name: "Requests",
            isNumber: true,
            cell: ({ requests }) => formatInteger(requests),
            sortBy: ({ requests }) => requests,
          },
          { name: "Tokens", isNumber: true, cell: ({ tokens }) => formatCount(tokens), sortBy: ({ tokens }) => tokens },
          {
            name: "Per request",
            isNumber: true,
            cell: ({ average }) => formatMicros(average),
            sortBy: ({ average }) => average,
          },
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
