import { BillingBody } from "../../billing/billing_body.tsx";
import { type BillingFilter, readBilling } from "../../billing/billing_data.ts";
import { type BillingView, billingView } from "../../billing/billing_view.ts";
import { headlineOf, nameOfMonth } from "../../billing/words.ts";
import { modelColors } from "../../model_colors.ts";
import type { Services } from "../../services.ts";
import type { WebApp } from "../app.tsx";
import { assetPath } from "../assets.ts";
import { type BillingChoices, billingChoices, billingFreshness, chosenFilter } from "./billing_view.ts";
import { Layout } from "./layout.tsx";

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
export function hrefOf(filter: BillingFilter): string {
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
      <h1>{headlineOf(view, { of })}</h1>
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
