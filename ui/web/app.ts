import { Reports } from "../../domain/report/reports.ts";
import { alertsRoutes } from "../api/alerts.ts";
import { billingRoutes } from "../api/billing.ts";
import { budgetRoutes } from "../api/budget.ts";
import { cycleRoute, cyclesRoute } from "../api/cycle.ts";
import { dailyRoute } from "../api/daily.ts";
import { eventsRoute } from "../api/events.ts";
import { healthRoute } from "../api/health.ts";
import { metricsRoute } from "../api/metrics.ts";
import { modelsRoute } from "../api/models.ts";
import { openapiRoute } from "../api/openapi/document.ts";
import { runsRoutes } from "../api/runs.ts";
import { refuseInvalid } from "../api/schemas.ts";
import { scorecardRoute } from "../api/scorecard.ts";
import { settingsRoute } from "../api/settings.ts";
import { summaryRoute } from "../api/summary.ts";
import { tilesRoute } from "../api/tiles.ts";
import { HttpTimings } from "../metrics/http_timings.ts";
import { METRICS } from "../metrics/metrics.ts";
import { MetricRegistry } from "../metrics/registry.ts";
import { alertsPage } from "../pages/alerts.tsx";
import { apiDocsPage } from "../pages/api_docs.tsx";
import { billingPage } from "../pages/billing.tsx";
import { homePage } from "../pages/home.tsx";
import { runPage } from "../pages/run.tsx";
import { runForms, runsPage } from "../pages/runs.tsx";
import { settingsForms, settingsPage } from "../pages/settings.tsx";
import type { Services } from "../services.ts";
import { AnswerMemory } from "./answers.ts";
import { assetRoutes } from "./assets.ts";
import { auth, CsrfTokens, LoginSlowdown } from "./auth.ts";
import { compressAnswers } from "./compression.ts";
import type { WebApp, WebAppOptions, WebServices } from "./context.ts";
import { DoctorMemo } from "./doctor_memo.ts";
import { type Asked, askedBy, responseOf, type WebHandler, type WholeAnswer } from "./exchange.ts";
import { HEALTH_PATH, healthAtOnce } from "./health.ts";
import { type HostGuard, hostGuard, refuseForeignHosts } from "./host_guard.ts";
import { LiveFeed } from "./live/feed.ts";
import { HttpProblem, type Problem, problemResponse } from "./problem.ts";
import { bodyGuard } from "./request_body.ts";
import { knownMethods, limitHeaders, RouteTable } from "./request_guard.ts";
import { securityHeaders } from "./security_headers.ts";
import type { Context, MiddlewareHandler } from "@hono/hono";
import { HTTPException } from "@hono/hono/http-exception";
import { OpenAPIHono } from "@hono/zod-openapi";

/** Every route; a new one is one file and one line here. */
const ROUTES = [
  healthRoute,
  cycleRoute,
  cyclesRoute,
  summaryRoute,
  dailyRoute,
  modelsRoute,
  scorecardRoute,
  budgetRoutes,
  tilesRoute,
  assetRoutes,
  homePage,
  billingRoutes,
  billingPage,
  runsRoutes,
  runForms,
  runsPage,
  runPage,
  alertsRoutes,
  alertsPage,
  settingsRoute,
  settingsForms,
  settingsPage,
  eventsRoute,
  metricsRoute,
  openapiRoute,
  apiDocsPage,
] as const satisfies readonly ((app: WebApp, services: WebServices) => void)[];

/** The dashboard and its API. */
export function createWebApp(
  services: Services,
  options: WebAppOptions = {},
): WebApp & Pick<WebHandler, "atOnce"> {
  const { config, clock, stores } = services;
  const app: WebApp = new OpenAPIHono({ defaultHook: refuseInvalid });
  const table = lazyTable(app);
  const metrics = new MetricRegistry(METRICS);
  const timings = new HttpTimings(table, metrics);
  const parts = {
    metrics,
    memory: new AnswerMemory({ clock, version: stores.version }),
    tokens: new CsrfTokens({ clock }),
  };
  const hosts = hostGuard(config, options);
  for (const guard of guards(services, { ...parts, table, hosts })) app.use(guard);
  app.use(compressAnswers(), parts.memory.remember(), securityHeaders());
  const { closing } = options;
  const live = new LiveFeed(services, closing === undefined ? {} : { closing });
  const doctorMemo = new DoctorMemo({ ...services, onReport: () => live.announce() });
  const webServices: WebServices = { ...services, ...parts, reports: new Reports(services), live, doctorMemo };
  for (const addRoute of ROUTES) addRoute(app, webServices);
  app.notFound((context) =>
    problemResponse(context, { status: 404, title: "Not found", detail: "There is nothing at this address." })
  );
  app.onError((error, context) => problemResponse(context, problemOf(error, { context, services })));
  const memory = config.dashboard.auth === "writes" ? parts.memory : null;
  return atOnceWherePossible(app, { ...parts, timings, memory, health: healthAtOnce(services, hosts) });
}

/** What a request must pass before any route: nothing behind them is reached with a foreign name or a wrong login. */
function guards(
  { config, clock, log }: Services,
  parts: { tokens: CsrfTokens; table: () => RouteTable; hosts: HostGuard },
): MiddlewareHandler[] {
  const { dashboard } = config;
  const access = auth({ dashboard, slowdown: new LoginSlowdown({ clock }), tokens: parts.tokens, log });
  const methods = knownMethods(parts.table);
  return [
    limitHeaders(),
    refuseForeignHosts(parts.hosts),
    bodyGuard(),
    // Where reading needs the login, nobody without it learns which addresses there are.
    ...(dashboard.auth === "writes" ? [methods, access] : [access, methods]),
  ];
}

/** Made at the first request, when all routes are there. */
function lazyTable(app: WebApp): () => RouteTable {
  let table: RouteTable | null = null;
  return () => table ??= new RouteTable(app.routes);
}

function problemOf(error: Error, { context, services }: { context: Context; services: Services }): Problem {
  if (error instanceof HttpProblem) return error.problem;
  if (error instanceof HTTPException && error.status === 400) {
    return { status: 400, title: "Bad request", detail: error.message };
  }
  const { path, method } = context.req;
  services.log.error("http.failed", { path, method, error: error.message });
  return { status: 500, title: "Internal error", detail: "The answer could not be made; the log says why." };
}

/** What answers without any routing, and what takes its time. */
interface AtOnceParts {
  /** Null if reading needs the login, which routing checks. */
  readonly memory: AnswerMemory | null;
  readonly health: (asked: Asked) => WholeAnswer | null;
  readonly timings: HttpTimings;
}

/** Answers what is remembered before any routing, as it is most of what is asked. Takes the time of everything. */
function atOnceWherePossible(
  app: WebApp,
  { memory, health, timings }: AtOnceParts,
): WebApp & Pick<WebHandler, "atOnce"> {
  const { fetch } = app;
  const record = (answered: { method: string; path: string; status: number }, startedAt: number) =>
    timings.record({ ...answered, seconds: (performance.now() - startedAt) / 1_000 });
  const recall = (asked: Asked) => {
    const answer = health(asked);
    return answer === null ? memory?.recall(asked) ?? null : { answer, path: HEALTH_PATH };
  };
  const atOnce = (asked: Asked) => {
    const startedAt = performance.now();
    const recalled = recall(asked);
    if (recalled === null) return null;
    record({ method: asked.method, path: recalled.path, status: recalled.answer.status }, startedAt);
    return recalled.answer;
  };
  app.fetch = (request, ...rest) => {
    const recalled = atOnce(askedBy(request));
    if (recalled !== null) return responseOf(recalled);
    const startedAt = performance.now();
    const answer = async () => {
      const response = await fetch(request, ...rest);
      record({ method: request.method, path: new URL(request.url).pathname, status: response.status }, startedAt);
      return response;
    };
    return answer();
  };
  return Object.assign(app, { atOnce });
}
