import { type AdminApi, followingPages } from "../domain/billing/admin_api.ts";
import { rangeWindows, startOfMonth, type Window } from "../domain/billing/month.ts";
import { CycleTally, type Reconciliation } from "../domain/billing/reconcile.ts";
import type { Clock } from "../domain/clock.ts";
import { TrackerError } from "../domain/errors.ts";
import type { Json } from "../domain/json.ts";
import { toCents } from "../domain/money.ts";
import type { Job } from "./job.ts";

/** What the job works with. */
interface BillingReconcileDeps {
  readonly api: AdminApi;
  readonly clock: Clock;
  readonly pageSize: number;
}

const HOUR_MS = 60 * 60 * 1000;

/** Compares the current cycle's events with what the API says that each member owes. Nothing is stored but the answer. */
export function billingReconcile<Tx>(deps: BillingReconcileDeps): Job<Tx> {
  return {
    name: "billing-reconcile",
    timeoutMs: 6 * HOUR_MS,
    run: (context) =>
      context.step("reconcile", ({ signal }) => reconcileCycle(deps, signal), { timeoutMs: 6 * HOUR_MS }),
  };
}

async function reconcileCycle({ api, clock, pageSize }: BillingReconcileDeps, signal: AbortSignal): Promise<Json> {
  const now = clock.now();
  const { cycleStart, members } = await api.teamSpend({ signal });
  if (cycleStart === null) {
    throw new TrackerError("Cannot compare the current cycle as the Admin API does not tell when it started");
  }
  // From the first of the month, to see what counting by calendar month would change.
  const month = cycleStart.toZonedDateTimeISO("UTC").toPlainDate().toPlainYearMonth();
  const range = { startMs: startOfMonth(month).epochMilliseconds, endMs: now.epochMilliseconds };
  const tally = new CycleTally(cycleStart);
  for (const window of rangeWindows(range)) await tallyWindow(tally, { api, window, pageSize, signal });
  return { cycle_start: cycleStart.toString(), at: now.toString(), members: tally.compare(members).map(memberJson) };
}

async function tallyWindow(
  tally: CycleTally,
  { api, window, pageSize, signal }: { api: AdminApi; window: Window; pageSize: number; signal: AbortSignal },
): Promise<void> {
  let seen = 0;
  for (let page = 1, hasNextPage = true; hasNextPage; page++) {
    const answer = await api.usageEvents({ ...window, page, pageSize }, { signal });
    for (const event of answer.events) tally.add(event);
    seen += answer.events.length;
    hasNextPage = followingPages(answer, { pageSize, seen }).hasNextPage;
  }
}

function memberJson({ user, reported, counted, difference, explanations }: Reconciliation): Json {
  return {
    user,
    reported_micros: reported,
    reported_cents: toCents(reported),
    counted_micros: counted,
    counted_cents: toCents(counted),
    difference_micros: difference,
    difference_cents: toCents(difference),
    explanations: explanations.map(({ cause, micros, text }) => ({
      cause: cause.kind,
      reason: cause.kind === "excluded" ? cause.reason : null,
      micros,
      cents: toCents(micros),
      text,
    })),
  };
}
