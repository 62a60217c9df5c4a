import { EXCLUSIONS } from "../../../domain/billing/billable.ts";
import { formatMicros } from "../../../domain/money.ts";
import type { BillingView } from "../billing_view.ts";
import { formatInteger } from "../words.ts";
import { Section, SortableTable } from "./table.tsx";

/** What was fetched but not billed, so that every cent is accounted for. */
export function Excluded({ view }: { view: BillingView }) {
  const { excluded } = view.summary;
  if (excluded.length === 0) return null;
  return (
    <Section
      id="excluded"
      title="What was left out"
      note="Events that were fetched but are not billed on demand, by reason"
    >
      <SortableTable
        label="What was left out"
        rows={excluded}
        columns={[
          { name: "Reason", cell: ({ reason }) => EXCLUSIONS[reason], sortBy: ({ reason }) => EXCLUSIONS[reason] },
          {
            name: "Events",
            isNumber: true,
            cell: ({ events }) => formatInteger(events),
            sortBy: ({ events }) => events,
          },
          {
            name: "Amount",
            isNumber: true,
            cell: ({ micros }) => formatMicros(micros),
            sortBy: ({ micros }) => micros,
          },
        ]}
      />
    </Section>
  );
}
