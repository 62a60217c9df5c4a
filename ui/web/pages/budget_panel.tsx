import { formatMicros } from "../../../domain/money.ts";
import type { Budget } from "../../../domain/stores.ts";
import { formatDate } from "../format.ts";

/** Budgets that are shown; all of them are in the API. */
const MOST_BUDGETS = 8;

/** The budget and its changes. */
export function BudgetPanel(
  { budgets, asOf, timeZone }: { budgets: readonly Budget[]; asOf: Temporal.Instant; timeZone: string },
) {
  const localDate = (at: Temporal.Instant) => at.toZonedDateTimeISO(timeZone).toPlainDate();
  return (
    <section class="card table tile plain w4">
      <h2>Budget</h2>
      {budgets.length === 0
        ? (
          <p class="note">
            None is set. Set one in the <a href="/settings">settings</a>, or with <code>tracker budget set 20</code>.
          </p>
        )
        : (
          <table class="plain">
            <tbody>
              {budgets.slice(0, MOST_BUDGETS).map(({ amount, setAt }, index) => (
                <tr>
                  <th scope="row">
                    {formatMicros(amount)} {index === 0 ? <span class="badge">in force</span> : null}
                  </th>
                  <td class="number">since {formatDate(localDate(setAt), localDate(asOf))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
    </section>
  );
}
