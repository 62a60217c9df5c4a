import type { Alert } from "../../domain/alerts/alert.ts";
import { headlineOf } from "../../domain/alerts/news.ts";
import { type Notification, NOTIFICATION_PURPOSES } from "../../domain/alerts/notification.ts";
import { acknowledge } from "../../jobs/actions/acknowledge.ts";
import { withFlash } from "../pages/flash.ts";
import type { Services } from "../services.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { HttpProblem } from "../web/problem.ts";
import { answerOf, jsonOf, routeOf } from "./answer.ts";
import { idParameter, pathId, wholeNumber, writeRefusals } from "./schemas.ts";
import { z } from "zod";

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

/** What commands and routes tell of alerts and messages; kinds and channels are those of this version. */
export function alertAnswers({ alertRules, messaging }: Pick<Services, "alertRules" | "messaging">) {
  const alert = answerOf<Alert>()({
    id: [z.int(), ({ id }) => id],
    kind: [z.enum(alertRules.map(({ kind }) => kind)), ({ kind }) => kind],
    headline: [z.string(), (each) => headlineOf(each, alertRules)],
    details: [z.string(), ({ details }) => details],
    cycle: [z.string().nullable(), ({ cycle }) => cycle],
    triggered_at: [instant, ({ triggeredAt }) => triggeredAt.toString()],
    cleared_at: [instant.nullable(), ({ clearedAt }) => clearedAt?.toString() ?? null],
    recovered: [
      z.boolean().describe("cleared as it no longer held, not as its cycle ended"),
      ({ isRecovered }) => isRecovered,
    ],
    acknowledged_at: [instant.nullable(), ({ acknowledgedAt }) => acknowledgedAt?.toString() ?? null],
  });
  const notification = answerOf<Notification>()({
    id: [z.int(), ({ id }) => id],
    channel: [z.enum(messaging.known.map(({ name }) => name)), ({ channel }) => channel],
    purpose: [z.enum(NOTIFICATION_PURPOSES), ({ message }) => message.purpose],
    subject: [z.string(), ({ message }) => message.subject],
    message_id: [z.string(), ({ message }) => message.messageId],
    alert_ids: [z.array(z.int()), ({ notices }) => notices.map(({ alertId }) => alertId)],
    created_at: [instant, ({ createdAt }) => createdAt.toString()],
    state: [z.enum(DELIVERY_STATES), deliveryState],
    attempts: [z.int(), ({ attempts }) => attempts],
    next_attempt_at: [instant.nullable(), ({ nextAttemptAt }) => nextAttemptAt?.toString() ?? null],
    delivered_at: [instant.nullable(), ({ deliveredAt }) => deliveredAt?.toString() ?? null],
    given_up_at: [instant.nullable(), ({ givenUpAt }) => givenUpAt?.toString() ?? null],
    last_error: [z.string().nullable(), ({ lastError }) => lastError],
  });
  return { alert, notification };
}

function routesOf({ alert, notification }: ReturnType<typeof alertAnswers>) {
  const list = routeOf({
    method: "get",
    path: "/api/alerts",
    summary: "Alerts and the messages about them, newest first",
    request: { query: z.object({ limit: wholeNumber({ least: 1, most: MOST_ALERTS }).default(100) }) },
    responses: {
      200: jsonOf(
        "An alert is open until it has a `cleared_at`",
        z.object({ open: z.int(), alerts: z.array(alert.schema), notifications: z.array(notification.schema) }),
      ),
      400: { description: "The request is not understood" },
    },
  });
  const ack = routeOf({
    method: "post",
    path: "/api/alerts/{id}/ack",
    summary: "Acknowledge an alert, so that no further message is sent about it; needs the login",
    request: { params: idParameter },
    responses: {
      200: jsonOf("Acknowledged, now or before", alert.schema),
      ...writeRefusals,
      404: { description: "There is no such alert" },
    },
  });
  return { list, ack };
}

/** GET /api/alerts, POST /api/alerts/:id/ack, and the page's form POST /alerts/:id/ack */
export function alertsRoutes(app: WebApp, services: WebServices): void {
  const { alerts, notifications } = services.stores;
  const answers = alertAnswers(services);
  const routes = routesOf(answers);
  app.openapi(routes.list, (context) => {
    const { limit } = context.req.valid("query");
    const answer = {
      open: alerts.listOpen().length,
      alerts: alerts.list(limit).map(answers.alert.json),
      notifications: notifications.list(limit).map(answers.notification.json),
    };
    return context.json(answer, 200);
  });
  app.openapi(routes.ack, (context) => {
    return context.json(answers.alert.json(acknowledged(services, context.req.valid("param").id)), 200);
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
