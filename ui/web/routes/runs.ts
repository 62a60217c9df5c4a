import { createRoute, z } from "@hono/zod-openapi";
import { RUN_STATUSES } from "../../../domain/run.ts";
import { runJson } from "../../run_json.ts";
import { runDetailJson } from "../../runs_json.ts";
import type { WebApp, WebServices } from "../app.tsx";
import { cancelRun, noSuchRun, retryRun, startScrape } from "../run_actions.ts";
import { runPageOf } from "../run_list.ts";
import { idParameter, wholeNumber, writeRefusals } from "../schemas.ts";

const MOST_RUNS = 200;

const failure = z.object({
  name: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  details: z.unknown(),
}).nullable();
const run = z.object({
  id: z.int(),
  job: z.string(),
  key: z.string(),
  status: z.enum(RUN_STATUSES),
  created_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  output: z.unknown(),
  failure,
});
const step = z.object({ name: z.string(), result: z.unknown(), finished_at: z.iso.datetime() });
const attempt = z.object({
  step: z.string(),
  number: z.int(),
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  failure,
});

const begun = {
  description: "It goes on; GET the address in the Location header for what it comes to",
  content: { "application/json": { schema: run } },
};
const noRun = { description: "There is no such run" };

const listRoute = createRoute({
  method: "get",
  path: "/api/runs",
  summary: "Runs of the jobs, newest first",
  request: {
    query: z.object({
      job: z.string().max(64).optional(),
      status: z.enum(RUN_STATUSES).optional(),
      limit: wholeNumber({ least: 1, most: MOST_RUNS }).default(50),
      before: wholeNumber({ least: 1, most: Number.MAX_SAFE_INTEGER }).optional().openapi({
        description: "Only runs with a smaller id: the `next_before` of the page before",
      }),
    }),
  },
  responses: {
    200: {
      description: "`next_before` is null on the last page",
      content: { "application/json": { schema: z.object({ runs: z.array(run), next_before: z.int().nullable() }) } },
    },
    400: { description: "The request is not understood" },
  },
});

const showRoute = createRoute({
  method: "get",
  path: "/api/runs/{id}",
  summary: "A run with its steps and attempts",
  request: { params: idParameter },
  responses: {
    200: {
      description: "The run",
      content: { "application/json": { schema: run.extend({ steps: z.array(step), attempts: z.array(attempt) }) } },
    },
    404: noRun,
  },
});

const scrapeRoute = createRoute({
  method: "post",
  path: "/api/scrape",
  summary: "Start a scrape now, or join the one that is going on; needs the login",
  responses: { 202: begun, ...writeRefusals, 409: { description: "The server is stopping" } },
});

const retryRoute = createRoute({
  method: "post",
  path: "/api/runs/{id}/retry",
  summary: "Go on with a failed or cancelled run from its first unfinished step; needs the login",
  request: { params: idParameter },
  responses: { 202: begun, ...writeRefusals, 404: noRun, 409: { description: "It neither failed nor was cancelled" } },
});

const cancelRoute = createRoute({
  method: "post",
  path: "/api/runs/{id}/cancel",
  summary: "Ask a running run to stop; needs the login",
  request: { params: idParameter },
  responses: {
    202: {
      description: "It is asked to",
      content: { "application/json": { schema: z.object({ id: z.int(), cancel_requested: z.literal(true) }) } },
    },
    ...writeRefusals,
    404: noRun,
    409: { description: "It is not running" },
  },
});

/** GET /api/runs and /api/runs/:id; POST /api/scrape, /api/runs/:id/retry and /api/runs/:id/cancel */
export function runsRoutes(app: WebApp, services: WebServices): void {
  const { runs } = services;
  app.openapi(listRoute, (context) => {
    const { job, status, limit, before } = context.req.valid("query");
    const page = runPageOf(runs, {
      limit,
      ...(job === undefined ? {} : { job }),
      ...(status === undefined ? {} : { status }),
      ...(before === undefined ? {} : { before }),
    });
    return context.json({ runs: page.runs.map((one) => runJson(one)), next_before: page.nextBefore }, 200);
  });
  app.openapi(showRoute, (context) => {
    const { id } = context.req.valid("param");
    const found = runs.show(id);
    if (found === null) throw noSuchRun(id);
    return context.json(runDetailJson(found), 200);
  });
  app.openapi(scrapeRoute, (context) => {
    const begun = startScrape(services);
    context.header("location", `/api/runs/${begun.id}`);
    return context.json(runJson(begun), 202);
  });
  app.openapi(retryRoute, (context) => {
    const begun = retryRun(services, context.req.valid("param").id);
    context.header("location", `/api/runs/${begun.id}`);
    return context.json(runJson(begun), 202);
  });
  app.openapi(cancelRoute, (context) => {
    const { id } = context.req.valid("param");
    cancelRun(services, id);
    return context.json({ id, cancel_requested: true as const }, 202);
  });
}
