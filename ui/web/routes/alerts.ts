import { createRoute, z } from "@hono/zod-openapi";
import { CHANNELS, NOTIFICATION_PURPOSES } from "../../../domain/notifications.ts";
import { ALERT_KINDS } from "../../../domain/stores.ts";
import { alertJson, DELIVERY_STATES, notificationJson } from "../../alert_json.ts";
import { acknowledgeAlert } from "../alert_actions.ts";
import type { WebApp, WebServices } from "../app.tsx";
import { withFlash } from "../flash.ts";
import { pathId } from "../path_id.ts";
import { idParameter, wholeNumber, writeRefusals } from "../schemas.ts";

const MOST_ALERTS = 500;

const instant = z.iso.datetime();
const alert = z.object({
  id: z.int(),
  kind: z.enum(ALERT_KINDS),
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
  channel: z.enum(CHANNELS),
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

const listRoute = createRoute({
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

const ackRoute = createRoute({
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

/** GET /api/alerts, POST /api/alerts/:id/ack, and the page's form POST /alerts/:id/ack */
export function alertsRoutes(app: WebApp, services: WebServices): void {
  const { alerts, notifications } = services.stores;
  app.openapi(listRoute, (context) => {
    const { limit } = context.req.valid("query");
    const answer = {
      open: alerts.listOpen().length,
      alerts: alerts.list(limit).map(alertJson),
      notifications: notifications.list(limit).map(notificationJson),
    };
    return context.json(answer, 200);
  });
  app.openapi(ackRoute, (context) => {
    return context.json(alertJson(acknowledgeAlert(services, context.req.valid("param").id)), 200);
  });
  app.post("/alerts/:id/ack", (context) => {
    acknowledgeAlert(services, pathId(context.req.param("id"), { what: "alert" }));
    return context.redirect(withFlash("/alerts", "alert-acknowledged"), 303);
  });
}
