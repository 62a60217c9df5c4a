import type { UserSpend } from "../../../domain/billing/analytics/spend.ts";
import { EXCLUSIONS } from "../../../domain/billing/billable.ts";
import { formatMicros, sumMicros } from "../../../domain/money.ts";
import { shortMonth } from "../../words/billing.ts";
import { formatInteger } from "../../words/format.ts";
import type { BillingView } from "../view.ts";
import { Section, SortableTable } from "./table.tsx";
import type { Child } from "@hono/hono/jsx";

/** The figures that matter most. */
export function SummaryCards({ view, isOneUser }: { view: BillingView; isOneUser: boolean }) {
  const { summary, models, users, months } = view;
  const excluded = summary.excluded.filter(({ micros }) => micros !== null).map(({ micros }) => micros);
  const events = summary.excluded.reduce((sum, entry) => sum + entry.events, 0);
  const oldest = months.at(-1)?.spend.month;
  const newest = months[0]?.spend.month;
  return (
    <section class="cards" aria-label="Summary">
      <Card title="On-demand spend" badge="billed">
        <b>{formatMicros(summary.total)}</b>
        <small>{months.length === 1 && newest !== undefined ? shortMonth(newest) : "all months together"}</small>
      </Card>
      <Card title="Current month">
        <b>{formatMicros(summary.currentMonth)}</b>
        <small>{summary.currentMonth === null ? "not fetched" : "so far"}</small>
      </Card>
      <Card title="Months analyzed">
        <b>{summary.monthsAnalyzed}</b>
        <small>
          {oldest === undefined || newest === undefined
            ? "none yet"
            : oldest === newest
            ? shortMonth(oldest)
            : `${shortMonth(oldest)} – ${shortMonth(newest)}`}
        </small>
      </Card>
      <Card title="Costliest model">
        <b class="name">{summary.costliestModel ?? "–"}</b>
        <small>{formatMicros(models[0]?.total ?? null)}</small>
      </Card>
      {isOneUser ? <RequestsCard user={users[0]} /> : (
        <Card title="Top spender">
          <b class="name">{breakable(summary.topUser ?? "–")}</b>
          <small>{formatMicros(users[0]?.total ?? null)}</small>
        </Card>
      )}
      <Card title="Left out">
        <b>{excluded.length === 0 ? "–" : formatMicros(sumMicros(excluded))}</b>
        <small>{formatInteger(events)} events that are not billed</small>
      </Card>
    </section>
  );
}

function RequestsCard({ user }: { user: UserSpend | undefined }) {
  return (
    <Card title="Requests">
      <b>{formatInteger(user?.requests ?? 0)}</b>
      <small>{formatMicros(user?.average ?? null)} each on average</small>
    </Card>
  );
}

/** An e-mail address may break before its host. */
function breakable(user: string): Child {
  const at = user.indexOf("@");
  return at < 0 ? user : (
    <>
      {user.slice(0, at)}
      <wbr />
      {user.slice(at)}
    </>
  );
}

function Card(props: { title: string; badge?: string; children: Child }) {
  return (
    <article class="card">
      <h2>
        {props.title} {props.badge === undefined ? null : <span class={`badge ${props.badge}`}>{props.badge}</span>}
      </h2>
      {props.children}
    </article>
  );
}

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
