import {
  type Attempt,
  type Failure,
  type Run,
  RUN_STATUSES,
  type RunControl,
  type RunFilter,
  type Step,
} from "../../domain/runs/run.ts";
import { cancelRun, noSuchRun, retryRun, startScrape } from "../run_actions.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { idParameter, wholeNumber, writeRefusals } from "./schemas.ts";
import { createRoute, z } from "@hono/zod-openapi";

/** A run as commands and the API show it. */
export function runJson(run: Run) {
  return {
    id: run.id,
    job: run.job,
    key: run.key,
    status: run.status,
    created_at: run.createdAt.toString(),
    finished_at: run.finishedAt?.toString() ?? null,
    output: run.output,
    failure: failureJson(run.failure),
  };
}

/** A remembered step. */
function stepJson(step: Step) {
  return { name: step.name, result: step.result, finished_at: step.finishedAt.toString() };
}

/** One try of a step. */
function attemptJson(attempt: Attempt) {
  return {
    step: attempt.step,
    number: attempt.number,
    started_at: attempt.startedAt.toString(),
    finished_at: attempt.finishedAt?.toString() ?? null,
    failure: failureJson(attempt.failure),
  };
}

function failureJson(failure: Failure | null) {
  if (failure === null) return null;
  return { name: failure.name, message: failure.message, hint: failure.hint, details: failure.details };
}

/** A run with its steps and attempts, as `runs show --json` and GET /api/runs/:id have it. */
export function runDetailJson(
  { run, steps, attempts }: NonNullable<ReturnType<RunControl["show"]>>,
) {
  return { ...runJson(run), steps: steps.map(stepJson), attempts: attempts.map(attemptJson) };
}

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

/** A page of runs. */
export interface RunPage {
  readonly runs: readonly Run[];
  /** The filter's `before` of the next page; null on the last one. */
  readonly nextBefore: number | null;
}

/** At most `limit` runs, newest first. */
export function runPageOf({ list }: Pick<RunControl, "list">, filter: RunFilter & { limit: number }): RunPage {
  const found = list({ ...filter, limit: filter.limit + 1 });
  const runs = found.slice(0, filter.limit);
  return { runs, nextBefore: found.length > runs.length ? runs.at(-1)?.id ?? null : null };
}
