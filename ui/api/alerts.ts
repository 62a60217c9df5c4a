import type { Alert } from "../../domain/alerts/alert.ts";
import { headlineOf } from "../../domain/alerts/news.ts";
import { type Notification, NOTIFICATION_PURPOSES } from "../../domain/alerts/notification.ts";
import type { AlertRule } from "../../domain/alerts/rule.ts";
import { acknowledge } from "../../jobs/actions/acknowledge.ts";
import { withFlash } from "../pages/flash.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { HttpProblem } from "../web/problem.ts";
import { idParameter, pathId, wholeNumber, writeRefusals } from "./schemas.ts";
import { createRoute, z } from "@hono/zod-openapi";

/** An alert as commands and routes print it. */
export function alertJson(alert: Alert, rules: readonly AlertRule[]) {
  return {
    id: alert.id,
    kind: alert.kind,
    headline: headlineOf(alert, rules),
    details: alert.details,
    cycle: alert.cycle,
    triggered_at: alert.triggeredAt.toString(),
    cleared_at: alert.clearedAt?.toString() ?? null,
    recovered: alert.isRecovered,
    acknowledged_at: alert.acknowledgedAt?.toString() ?? null,
  };
}

/** A message of the outbox, with what became of it. */
export function notificationJson(notification: Notification) {
  return {
    id: notification.id,
    channel: notification.channel,
    purpose: notification.message.purpose,
    subject: notification.message.subject,
    message_id: notification.message.messageId,
    alert_ids: notification.notices.map(({ alertId }) => alertId),
    created_at: notification.createdAt.toString(),
    state: deliveryState(notification),
    attempts: notification.attempts,
    next_attempt_at: notification.nextAttemptAt?.toString() ?? null,
    delivered_at: notification.deliveredAt?.toString() ?? null,
    given_up_at: notification.givenUpAt?.toString() ?? null,
    last_error: notification.lastError,
  };
}

/** What can have become of a message. */
const DELIVERY_STATES = ["waiting", "deferred", "delivered", "given_up"] as const;

/** What became of a message so far. */
export function deliveryState(
  { attempts, deliveredAt, givenUpAt }: Pick<Notification, "attempts" | "deliveredAt" | "givenUpAt">,
): typeof DELIVERY_STATES[number] {
  if (deliveredAt !== null) return "delivered";
  if (givenUpAt !== null) return "given_up";
  return attempts === 0 ? "waiting" : "deferred";
}

const MOST_ALERTS = 500;

const instant = z.iso.datetime();

/** What the routes answer; kinds and channels are those of this version. */
function schemasOf({ alertRules, messaging }: WebServices) {
  const alert = z.object({
    id: z.int(),
    kind: z.enum(alertRules.map(({ kind }) => kind)),
    headline: z.string(),
    details: z.string(),
    cycle: z.string().nullable(),
    triggered_at: instant,
    cleared_at: instant.nullable(),
    recovered: z.boolean().describe("cleared as it no longer held, not as its cycle ended"),
    acknowledged_at: instant.nullable(),
  });
  const notification = z.object({
    id: z.int(),
    channel: z.enum(messaging.known.map(({ name }) => name)),
    purpose: z.enum(NOTIFICATION_PURPOSES),
    subject: z.string(),
    message_id: z.string(),
    alert_ids: z.array(z.int()),
    created_at: instant,
    state: z.enum(DELIVERY_STATES),
    attempts: z.int(),
    next_attempt_at: instant.nullable(),
    delivered_at: instant.nullable(),
    given_up_at: instant.nullable(),
    last_error: z.string().nullable(),
  });
  return { alert, notification };
}

function routesOf(services: WebServices) {
  const { alert, notification } = schemasOf(services);
  const list = createRoute({
    method: "get",
    path: "/api/alerts",
    summary: "Alerts and the messages about them, newest first",
    request: { query: z.object({ limit: wholeNumber({ least: 1, most: MOST_ALERTS }).default(100) }) },
    responses: {
      200: {
        description: "An alert is open until it has a `cleared_at`",
        content: {
          "application/json": {
            schema: z.object({ open: z.int(), alerts: z.array(alert), notifications: z.array(notification) }),
          },
        },
      },
      400: { description: "The request is not understood" },
    },
  });
  const ack = createRoute({
    method: "post",
    path: "/api/alerts/{id}/ack",
    summary: "Acknowledge an alert, so that no further message is sent about it; needs the login",
    request: { params: idParameter },
    responses: {
      200: { description: "Acknowledged, now or before", content: { "application/json": { schema: alert } } },
      ...writeRefusals,
      404: { description: "There is no such alert" },
    },
  });
  return { list, ack };
}

/** GET /api/alerts, POST /api/alerts/:id/ack, and the page's form POST /alerts/:id/ack */
export function alertsRoutes(app: WebApp, services: WebServices): void {
  const { stores: { alerts, notifications }, alertRules } = services;
  const routes = routesOf(services);
  app.openapi(routes.list, (context) => {
    const { limit } = context.req.valid("query");
    const answer = {
      open: alerts.listOpen().length,
      alerts: alerts.list(limit).map((alert) => alertJson(alert, alertRules)),
      notifications: notifications.list(limit).map(notificationJson),
    };
    return context.json(answer, 200);
  });
  app.openapi(routes.ack, (context) => {
    return context.json(alertJson(acknowledged(services, context.req.valid("param").id), alertRules), 200);
  });
  app.post("/alerts/:id/ack", (context) => {
    acknowledged(services, pathId(context.req.param("id"), { what: "alert" }));
    return context.redirect(withFlash("/alerts", "alert-acknowledged"), 303);
  });
}

/** @throws HttpProblem 404 if there is no such alert. */
function acknowledged(services: WebServices, id: number): Alert {
  const alert = acknowledge(services, id);
  if (alert !== null) return alert;
  const hint = "See /api/alerts for the alerts that are known.";
  throw new HttpProblem({ status: 404, title: "Not found", detail: `There is no alert ${id}.`, hint });
}
