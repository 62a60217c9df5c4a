import {
  type Attempt,
  type Failure,
  type Run,
  RUN_STATUSES,
  type RunControl,
  type RunFilter,
  type Step,
} from "../../domain/runs/run.ts";
import { TrackerError } from "../../domain/errors.ts";
import { beginRetry, cancelRun, NoSuchRun } from "../../jobs/actions/retry.ts";
import { beginScrape } from "../../jobs/actions/scrape.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { HttpProblem } from "../web/problem.ts";
import { answerOf, jsonOf, routeOf } from "./answer.ts";
import { anyJson, idParameter, wholeNumber, writeRefusals } from "./schemas.ts";
import { z } from "zod";

const failure = answerOf<Failure>()({
  name: [z.string(), ({ name }) => name],
  message: [z.string(), ({ message }) => message],
  hint: [z.string().nullable(), ({ hint }) => hint],
  details: [anyJson, ({ details }) => details],
});

const run = answerOf<Run>()({
  id: [z.int(), ({ id }) => id],
  job: [z.string(), ({ job }) => job],
  key: [z.string(), ({ key }) => key],
  status: [z.enum(RUN_STATUSES), ({ status }) => status],
  created_at: [z.iso.datetime(), ({ createdAt }) => createdAt.toString()],
  finished_at: [z.iso.datetime().nullable(), ({ finishedAt }) => finishedAt?.toString() ?? null],
  output: [anyJson, ({ output }) => output],
  failure: [failure.schema.nullable(), (one) => one.failure && failure.json(one.failure)],
});

const step = answerOf<Step>()({
  name: [z.string(), ({ name }) => name],
  result: [anyJson, ({ result }) => result],
  finished_at: [z.iso.datetime(), ({ finishedAt }) => finishedAt.toString()],
});

const attempt = answerOf<Attempt>()({
  step: [z.string(), ({ step }) => step],
  number: [z.int(), ({ number }) => number],
  started_at: [z.iso.datetime(), ({ startedAt }) => startedAt.toString()],
  finished_at: [z.iso.datetime().nullable(), ({ finishedAt }) => finishedAt?.toString() ?? null],
  failure: [failure.schema.nullable(), (one) => one.failure && failure.json(one.failure)],
});

/** A run as commands and the API show it. */
export const runJson = run.json;

/** A run with its steps and attempts, as `runs show --json` and GET /api/runs/:id have it. */
export function runDetailJson({ run: one, steps, attempts }: NonNullable<ReturnType<RunControl["show"]>>) {
  return { ...runJson(one), steps: steps.map(step.json), attempts: attempts.map(attempt.json) };
}

const MOST_RUNS = 200;

const begun = jsonOf("It goes on; GET the address in the Location header for what it comes to", run.schema);
const noRun = { description: "There is no such run" };

const listRoute = routeOf({
  method: "get",
  path: "/api/runs",
  summary: "Runs of the jobs, newest first",
  request: {
    query: z.object({
      job: z.string().max(64).optional(),
      status: z.enum(RUN_STATUSES).optional(),
      limit: wholeNumber({ least: 1, most: MOST_RUNS }).default(50),
      before: wholeNumber({ least: 1, most: Number.MAX_SAFE_INTEGER }).optional().meta({
        description: "Only runs with a smaller id: the `next_before` of the page before",
      }),
    }),
  },
  responses: {
    200: jsonOf(
      "`next_before` is null on the last page",
      z.object({ runs: z.array(run.schema), next_before: z.int().nullable() }),
    ),
    400: { description: "The request is not understood" },
  },
});

const showRoute = routeOf({
  method: "get",
  path: "/api/runs/{id}",
  summary: "A run with its steps and attempts",
  request: { params: idParameter },
  responses: {
    200: jsonOf(
      "The run",
      run.schema.extend({ steps: z.array(step.schema), attempts: z.array(attempt.schema) }),
    ),
    404: noRun,
  },
});

const scrapeRoute = routeOf({
  method: "post",
  path: "/api/scrape",
  summary: "Start a scrape now, or join the one that is going on; needs the login",
  responses: { 202: begun, ...writeRefusals, 409: { description: "The server is stopping" } },
});

const retryRoute = routeOf({
  method: "post",
  path: "/api/runs/{id}/retry",
  summary: "Go on with a failed or cancelled run from its first unfinished step; needs the login",
  request: { params: idParameter },
  responses: { 202: begun, ...writeRefusals, 404: noRun, 409: { description: "It neither failed nor was cancelled" } },
});

const cancelRoute = routeOf({
  method: "post",
  path: "/api/runs/{id}/cancel",
  summary: "Ask a running run to stop; needs the login",
  request: { params: idParameter },
  responses: {
    202: jsonOf("It is asked to", z.object({ id: z.int(), cancel_requested: z.literal(true) })),
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
    return context.json({ runs: page.runs.map(runJson), next_before: page.nextBefore }, 200);
  });
  app.openapi(showRoute, (context) => {
    const { id } = context.req.valid("param");
    const found = runs.show(id);
    if (found === null) throw noSuchRun(id);
    return context.json(runDetailJson(found), 200);
  });
  app.openapi(scrapeRoute, (context) => {
    const begun = orProblem(() => beginScrape(services));
    context.header("location", `/api/runs/${begun.id}`);
    return context.json(runJson(begun), 202);
  });
  app.openapi(retryRoute, (context) => {
    const { id } = context.req.valid("param");
    const begun = orProblem(() => beginRetry(services, id));
    context.header("location", `/api/runs/${begun.id}`);
    return context.json(runJson(begun), 202);
  });
  app.openapi(cancelRoute, (context) => {
    const { id } = context.req.valid("param");
    stopRun(services, id);
    return context.json({ id, cancel_requested: true as const }, 202);
  });
}

/** Asks a running run to stop. @throws HttpProblem 404 for one that is not there, 409 for one that is not running. */
export function stopRun(services: WebServices, id: number): void {
  if (orProblem(() => cancelRun(services, id))) return;
  throw new HttpProblem({ status: 409, title: "Conflict", detail: `Cannot cancel run ${id} as it is not running.` });
}

/** That there is no such run. */
export function noSuchRun(id: number): HttpProblem {
  const hint = "See /api/runs for the runs that are kept.";
  return new HttpProblem({ status: 404, title: "Not found", detail: `There is no run ${id}.`, hint });
}

/** What `act` returns. @throws HttpProblem 404 for a run that is not there, 409 for what does not fit its state. */
export function orProblem<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    const hint = error.hint === null ? {} : { hint: error.hint };
    if (error instanceof NoSuchRun) throw noSuchRun(error.id);
    throw new HttpProblem({ status: 409, title: "Conflict", detail: `${error.message}.`, ...hint });
  }
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
