import { formatMicros, type Micros } from "../../../domain/money.ts";
import { type Method, METHODS } from "../../../domain/projection/project.ts";
import type { Budget } from "../../../domain/stores.ts";
import { formatDate } from "../format.ts";
import type { HomeFigures } from "./home_view.ts";

/** Budgets that are shown; all of them are in the API. */
const MOST_BUDGETS = 8;

/** What each method says, and how far it was off in the cycles that are over. */
export function ProjectionPanel({ figures: { standing, scorecard, choice } }: { figures: HomeFigures }) {
  const { projection } = standing;
  const says: Readonly<Record<Method, Micros | null>> = { linear: projection.linear, ewma: projection.ewma };
  return (
    <section class="card table">
      <h2>Projection</h2>
      <p class="note">{pastText(scorecard.cycles)}</p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Method</th>
              <th scope="col" class="number">Says</th>
              <th scope="col" class="number">Mean error</th>
            </tr>
          </thead>
          <tbody>
            {METHODS.map((method) => (
              <tr>
                <th scope="row">
                  {method === "ewma" ? "EWMA" : "Linear"}{" "}
                  {method === choice.method ? <span class="badge">in use</span> : null}
                </th>
                <td class="number">{formatMicros(says[method])}</td>
                <td class="number">{errorText(scorecard.scores.find((score) => score.method === method))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="note reason">{choice.reason}</p>
    </section>
  );
}

function pastText(cycles: number): string {
  if (cycles === 0) return "No cycle has finished yet to compare with";
  return cycles === 1 ? "How the methods did in the last cycle" : `How the methods did in the last ${cycles} cycles`;
}

function errorText(score: { meanError: Micros; meanRelativeError: number | null } | undefined): string {
  if (score === undefined) return "–";
  if (score.meanRelativeError === null) return formatMicros(score.meanError);
  return `${Math.round(score.meanRelativeError * 100)}\u00a0%`;
}

/** The budget and its changes. */
export function BudgetPanel(
  { budgets, asOf, timeZone }: { budgets: readonly Budget[]; asOf: Temporal.Instant; timeZone: string },
) {
  const localDate = (at: Temporal.Instant) => at.toZonedDateTimeISO(timeZone).toPlainDate();
  return (
    <section class="card table">
      <h2>Budget</h2>
      {budgets.length === 0
        ? (
          <p class="note">
            None is set. Set one with <code>tracker budget set 20</code>.
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
