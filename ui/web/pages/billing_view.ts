import { modelSpend } from "../../../domain/billing/analytics/mod.ts";
import { byText } from "../../../domain/billing/analytics/totals.ts";
import type { BillingFilter } from "../../billing/billing_data.ts";
import type { Services } from "../../services.ts";
import { formatAge, formatMoment } from "../format.ts";
import type { Freshness } from "./layout.tsx";

/** What the page can be filtered by. */
export interface BillingChoices {
  /** Newest first. */
  readonly months: readonly string[];
  readonly users: readonly string[];
  /** The costliest first. */
  readonly models: readonly string[];
}

/** A daily fetch that is missed once is still fine. */
const STALE_HOURS = 50;

/** Everything that there is to choose from. */
export function billingChoices({ stores }: Pick<Services, "stores">): BillingChoices {
  const rows = stores.rollups.rows();
  return {
    months: stores.rollups.months().map(({ month }) => month).reverse(),
    users: [...new Set(rows.map(({ user }) => user))].sort(byText),
    models: modelSpend(rows, []).map(({ model }) => model),
  };
}

/** The query's filter; what is not there to choose is left out, such as the form's empty choice. */
export function chosenFilter(query: Readonly<Record<string, string>>, choices: BillingChoices): BillingFilter {
  const chosen = (name: string, values: readonly string[]) => values.find((value) => value === query[name]);
  return {
    month: chosen("month", choices.months),
    user: chosen("user", choices.users),
    model: chosen("model", choices.models),
  };
}

/** How old the newest fetch is. */
export function billingFreshness({ stores, clock, config }: Pick<Services, "stores" | "clock" | "config">): Freshness {
  const fetches = stores.rollups.months().map(({ fetchedAt }) => fetchedAt).filter((at) => at !== null);
  const newest = fetches.sort(Temporal.Instant.compare).at(-1);
  if (newest === undefined) return { state: "none", text: "not fetched yet", title: "No month's fetch is known" };
  const now = clock.now();
  const isStale = newest.until(now).total("hours") > STALE_HOURS;
  return {
    state: isStale ? "stale" : "fresh",
    text: `fetched ${formatAge(newest, now)}`,
    title: `Last fetched ${formatMoment(newest, config.timeZone)}`,
  };
}
