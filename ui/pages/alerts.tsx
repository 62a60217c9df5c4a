import type { Alert } from "../../domain/alerts/alert.ts";
import { headlineOf } from "../../domain/alerts/news.ts";
import type { ChannelSetup, Messaging, Notification } from "../../domain/alerts/notification.ts";
import type { AlertRule } from "../../domain/alerts/rule.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { channelWords, deliveryOf } from "../words/alerts.ts";
import { formatDuration } from "../words/format.ts";
import { Frame } from "./layout.tsx";
import { ActionForm, type Moment, momentOf, Panel, When, WriteRefusal, type Writes, writesOf } from "./parts.tsx";

/** So many alerts and messages are listed; the API has more. */
const MOST_LISTED = 50;

/** GET /alerts: what is wrong now, what was, and what was sent about it. */
export function alertsPage(app: WebApp, services: WebServices): void {
  app.get("/alerts", (context) => {
    const { stores, messaging: { known }, alertRules: rules } = services;
    const [moment, writes] = [momentOf(services), writesOf(services)];
    const open = stores.alerts.listOpen();
    const past = stores.alerts.list(MOST_LISTED).filter(({ clearedAt }) => clearedAt !== null);
    const page = (
      <Frame title="Alerts" path="/alerts" services={services} said={context.req.query("said")}>
        <p class="line">What is wrong, and what was sent about it</p>
        <Headline open={open} />
        <OpenAlerts open={open} rules={rules} moment={moment} writes={writes} />
        <Panel id="history" title="History" note={historyNote(past)}>
          {past.length === 0 ? null : <HistoryTable alerts={past} rules={rules} moment={moment} />}
        </Panel>
        <Panel id="deliveries" title="Messages" note={<Channels known={known} />}>
          <Deliveries notifications={stores.notifications.list(MOST_LISTED)} known={known} moment={moment} />
        </Panel>
      </Frame>
    );
    return context.html(`<!doctype html>${page}`);
  });
}

function Headline({ open }: { open: readonly Alert[] }) {
  if (open.length === 0) return <h1>No alert is open.</h1>;
  const unknown = open.filter(({ acknowledgedAt }) => acknowledgedAt === null).length;
  const all = open.length === 1 ? "One alert is open" : `${open.length} alerts are open`;
  return (
    <h1>
      <em class={`amount ${unknown > 0 ? "over" : "at_risk"}`}>{all}</em>
      {unknown === 0 ? `; you know of ${open.length === 1 ? "it" : "them"}.` : "."}
    </h1>
  );
}

function OpenAlerts(
  { open, rules, moment, writes }: {
    open: readonly Alert[];
    rules: readonly AlertRule[];
    moment: Moment;
    writes: Writes;
  },
) {
  if (open.length === 0) {
    return (
      <p class="note" id="open">
        An alert opens here when spend passes a threshold, the projection passes the budget, figures fail to arrive, or
        something looks unusual.
      </p>
    );
  }
  return (
    <section class="alerts" id="open" aria-label="Open alerts">
      {open.map((alert) => (
        <article class="card alert" id={`alert-${alert.id}`}>
          <div>
            <h2>{headlineOf(alert, rules)}</h2>
            <p>{alert.details}</p>
            <p class="note">
              since <When at={alert.triggeredAt} {...moment} />
              {alert.acknowledgedAt === null ? null : (
                <>
                  , known <When at={alert.acknowledgedAt} {...moment} />
                </>
              )}
            </p>
          </div>
          {alert.acknowledgedAt !== null ? <span class="badge">acknowledged</span> : (
            <ActionForm
              writes={writes}
              action={`/alerts/${alert.id}/ack`}
              label="Acknowledge"
              describes={`Acknowledge: ${headlineOf(alert, rules)}`}
            />
          )}
        </article>
      ))}
      <WriteRefusal writes={writes} />
    </section>
  );
}

function historyNote(past: readonly Alert[]): string {
  if (past.length === 0) return "No alert has ended yet";
  return "Alerts that are over, newest first";
}

function HistoryTable(
  { alerts, rules, moment }: { alerts: readonly Alert[]; rules: readonly AlertRule[]; moment: Moment },
) {
  return (
    <div class="scroll" tabindex={0} role="group" aria-labelledby="history-title">
      <table class="runs">
        <thead>
          <tr>
            <th scope="col">Alert</th>
            <th scope="col" class="wide said">What it said</th>
            <th scope="col">Opened</th>
            <th scope="col" class="number">Lasted</th>
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <tr data-live-key={`past-${alert.id}`}>
              <th scope="row" class="wrap">{headlineOf(alert, rules)}</th>
              <td class="wide said">
                <span class="clip" title={alert.details}>{alert.details}</span>
              </td>
              <td>
                <When at={alert.triggeredAt} {...moment} />
              </td>
              <td class="number">{lasted(alert)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function lasted({ triggeredAt, clearedAt }: Alert): string {
  return clearedAt === null ? "–" : formatDuration(triggeredAt.until(clearedAt));
}

function Channels({ known }: Pick<Messaging, "known">) {
  return (
    <>
      {known.map(({ words: { title }, missing }, index) => (
        <>
          {index === 0 ? "" : " · "}
          {missing.length === 0 ? `${title} is set up` : <>{title} is not set up: {missing.join(" and ")} missing</>}
        </>
      ))}
    </>
  );
}

/** What a row of the deliveries is told beside the message. */
interface DeliveryContext {
  readonly known: readonly ChannelSetup[];
  readonly moment: Moment;
}

function Deliveries({ notifications, ...context }: DeliveryContext & { notifications: readonly Notification[] }) {
  if (notifications.length === 0) return <p class="nothing">No message was sent so far.</p>;
  return (
    <div class="scroll" tabindex={0} role="group" aria-labelledby="deliveries-title">
      <table class="runs">
        <thead>
          <tr>
            <th scope="col">Message</th>
            <th scope="col">State</th>
            <th scope="col" class="number wide">Tries</th>
            <th scope="col" class="wide">Made</th>
          </tr>
        </thead>
        <tbody>{notifications.map((one) => <DeliveryRows notification={one} {...context} />)}</tbody>
      </table>
    </div>
  );
}

/** What went wrong has a row of its own: mail servers are verbose. */
function DeliveryRows({ notification, known, moment }: DeliveryContext & { notification: Notification }) {
  const { id, message, channel, attempts, createdAt, lastError, deliveredAt } = notification;
  const { tone, word, at } = deliveryOf(notification, moment.now);
  const hasError = lastError !== null && deliveredAt === null;
  return (
    <>
      <tr data-live-key={`message-${id}`} class={hasError ? "has-more" : undefined}>
        <th scope="row" class="wrap">
          {message.subject} <small class="muted">{channelWords(channel, known)}</small>
        </th>
        <td>
          <span class={`badge ${tone}`}>{word}</span> {at === null ? null : <When at={at} {...moment} />}
        </td>
        <td class="number wide">{attempts}</td>
        <td class="wide">
          <When at={createdAt} {...moment} />
        </td>
      </tr>
      {hasError
        ? (
          <tr data-live-key={`message-${id}-error`}>
            <td colspan={4} class="error">{lastError}</td>
          </tr>
        )
        : null}
    </>
  );
}
