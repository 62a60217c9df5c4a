import type { WebApp, WebServices } from "../web/context.ts";
import { EVENTS_PATH } from "../web/live/changes.ts";
import { HttpProblem } from "../web/problem.ts";
import { clientAddress } from "../web/request_guard.ts";
import { routeOf } from "./answer.ts";
import { z } from "zod";

const route = routeOf({
  method: "get",
  path: EVENTS_PATH,
  summary: "What is new, as server-sent events: snapshot, alert, run, progress, changed",
  request: {
    query: z.object({
      last_event_id: z.string().max(64).optional().meta({
        description: "Like the header Last-Event-ID, which a page cannot set when it comes back by itself",
      }),
    }),
  },
  responses: {
    200: { description: "A stream that goes on", content: { "text/event-stream": { schema: z.string() } } },
    503: { description: "Too many listen already" },
  },
});

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  // A proxy must pass on each event as it comes.
  "x-accel-buffering": "no",
};

/** GET /api/events: what is new, while the connection lasts. */
export function eventsRoute(app: WebApp, { live }: WebServices): void {
  app.openapi(route, (context) => {
    if (context.req.method === "HEAD") return new Response(null, { headers: HEADERS });
    const lastEventId = context.req.header("last-event-id") ?? context.req.valid("query").last_event_id ?? null;
    const stream = live.open({ address: clientAddress(context.env), lastEventId });
    if (stream === null) {
      throw new HttpProblem({
        status: 503,
        title: "Service unavailable",
        detail: "Cannot listen as too many listen already, or the server is stopping.",
        hint: "Close pages that are not needed, or try again in a minute.",
      });
    }
    return new Response(stream, { headers: HEADERS });
  });
}
