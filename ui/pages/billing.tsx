import { modelSpend } from "../../domain/billing/analytics/spend.ts";
import { byText } from "../../domain/billing/analytics/totals.ts";
import { formatAge } from "../../domain/format.ts";
import { BillingBody } from "../billing/body.tsx";
import { type BillingFilter, type BillingView, billingView, readBilling } from "../billing/view.ts";
import type { Services } from "../services.ts";
import { assetPath } from "../web/assets.ts";
import type { WebApp } from "../web/context.ts";
import { billingHeadline, nameOfMonth } from "../words/billing.ts";
import { formatMoment } from "../words/format.ts";
import { modelColors } from "../words/model_colors.ts";
import { type Freshness, Layout } from "./layout.tsx";

/** GET /billing: the team's on-demand billing, by month, user and model. */
export function billingPage(app: WebApp, services: Services): void {
  app.get("/billing", (context) => {
    const choices = billingChoices(services);
    const filter = chosenFilter(context.req.query(), choices);
    const view = billingView(readBilling(services, filter), {
      topUsers: services.config.billing.topSpendersCount,
      colorOf: modelColors(services),
      hrefOfUser: (user) => hrefOf({ ...filter, user }),
    });
    const freshness = billingFreshness(services);
    const page = (
      <Layout
        title="Billing"
        path="/billing"
        bodyClass="billing"
        freshness={freshness}
        openAlerts={services.stores.alerts.listOpen().length}
        scripts={<Scripts />}
      >
        <BillingPage view={view} filter={filter} choices={choices} />
      </Layout>
    );
    return context.html(`<!doctype html>${page}`);
  });
}

/** The page's address for a filter. */
function hrefOf(filter: BillingFilter): string {
  const given = Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? "/billing" : `/billing?${new URLSearchParams(given)}`;
}

function BillingPage(props: { view: BillingView; filter: BillingFilter; choices: BillingChoices }) {
  const { view, filter, choices } = props;
  if (choices.months.length === 0) return <NoMonths />;
  const of = (filter.user === undefined ? "" : ` for ${filter.user}`) +
    (filter.model === undefined ? "" : ` on ${filter.model}`);
  return (
    <>
      <p class="line">
        On-demand billing of the team · calendar months, UTC
        {filter.user === undefined ? null : <AllUsers href={hrefOf({ ...filter, user: undefined })} />}
      </p>
      <h1>{billingHeadline(view, { of })}</h1>
      <Filters filter={filter} choices={choices} />
      <BillingBody view={view} isOneUser={filter.user !== undefined} />
    </>
  );
}

function AllUsers({ href }: { href: string }) {
  return (
    <>
      {" · "}
      <a href={href}>all users</a>
    </>
  );
}

function Filters({ filter, choices }: { filter: BillingFilter; choices: BillingChoices }) {
  const { months, users, models } = choices;
  return (
    <form class="filters" method="get" action="/billing">
      <Choice label="Month" name="month" all="All months" values={months} chosen={filter.month} nameOf={nameOfMonth} />
      <Choice label="User" name="user" all="All users" values={users} chosen={filter.user} />
      <Choice label="Model" name="model" all="All models" values={models} chosen={filter.model} />
      <button type="submit">Show</button>
    </form>
  );
}

function Choice(props: {
  label: string;
  name: keyof BillingFilter;
  all: string;
  values: readonly string[];
  chosen: string | undefined;
  nameOf?: (value: string) => string;
}) {
  const { label, name, all, values, chosen, nameOf = (value) => value } = props;
  return (
    <label>
      {label}
      <select name={name}>
        <option value="">{all}</option>
        {values.map((value) => <option value={value} selected={value === chosen}>{nameOf(value)}</option>)}
      </select>
    </label>
  );
}

function NoMonths() {
  return (
    <section class="empty">
      <h1>No billing yet.</h1>
      <p>
        Set <code>CURSOR_API_KEY</code> and run <code>tracker billing fetch</code>, or put month files into the folder
        {" "}
        <code>monthly_usage_data</code> of the data folder and run <code>tracker billing report</code>.
      </p>
    </section>
  );
}

function Scripts() {
  return (
    <>
      <script type="module" src={assetPath("billing_charts.js")} />
      <script type="module" src={assetPath("sort_tables.js")} />
    </>
  );
}

/** What the page can be filtered by. */
interface BillingChoices {
  /** Newest first. */
  readonly months: readonly string[];
  readonly users: readonly string[];
  /** The costliest first. */
  readonly models: readonly string[];
}

/** A daily fetch that is missed once is still fine. */
const STALE_HOURS = 50;

/** Everything that there is to choose from. */
function billingChoices({ stores }: Pick<Services, "stores">): BillingChoices {
  const rows = stores.rollups.rows();
  return {
    months: stores.rollups.months().map(({ month }) => month).reverse(),
    users: [...new Set(rows.map(({ user }) => user))].sort(byText),
    models: modelSpend(rows, []).map(({ model }) => model),
  };
}

/** The query's filter; what is not there to choose is left out, such as the form's empty choice. */
function chosenFilter(query: Readonly<Record<string, string>>, choices: BillingChoices): BillingFilter {
  const chosen = (name: string, values: readonly string[]) => values.find((value) => value === query[name]);
  return {
    month: chosen("month", choices.months),
    user: chosen("user", choices.users),
    model: chosen("model", choices.models),
  };
}

/** How old the newest fetch is. */
function billingFreshness({ stores, clock, config }: Pick<Services, "stores" | "clock" | "config">): Freshness {
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
