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
import { AnswerMemory, compressAnswers } from "./answers.ts";
import { assetRoutes } from "./assets.ts";
import { auth, CsrfTokens, LoginSlowdown } from "./auth.ts";
import type { WebApp, WebAppOptions, WebServices } from "./context.ts";
import { DoctorMemo } from "./doctor_memo.ts";
import { hostGuard, refuseForeignHosts } from "./host_guard.ts";
import { LiveFeed } from "./live/feed.ts";
import { HttpProblem, type Problem, problemResponse } from "./problem.ts";
import { bodyGuard, endUnread, RequestBodies } from "./request_body.ts";
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
export function createWebApp(services: Services, options: WebAppOptions = {}): WebApp {
  const { config, clock, stores } = services;
  const app: WebApp = new OpenAPIHono({ defaultHook: refuseInvalid });
  const table = lazyTable(app);
  const metrics = new MetricRegistry(METRICS);
  const timings = new HttpTimings(table, metrics);
  const parts = {
    metrics,
    bodies: new RequestBodies(),
    memory: new AnswerMemory({ clock, version: stores.version }),
    tokens: new CsrfTokens({ clock }),
  };
  for (const guard of guards(services, { ...parts, table, ...options })) app.use(guard);
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
  wrapFetch(app, { ...parts, timings, memory: config.dashboard.auth === "writes" ? parts.memory : null });
  return app;
}

/** What a request must pass before any route: nothing behind them is reached with a foreign name or a wrong login. */
function guards(
  { config, clock, log }: Services,
  parts: WebAppOptions & {
    bodies: RequestBodies;
    tokens: CsrfTokens;
    table: () => RouteTable;
  },
): MiddlewareHandler[] {
  const { dashboard } = config;
  const access = auth({ dashboard, slowdown: new LoginSlowdown({ clock }), tokens: parts.tokens, log });
  const methods = knownMethods(parts.table);
  return [
    limitHeaders(),
    refuseForeignHosts(hostGuard(config, parts)),
    bodyGuard(parts.bodies),
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

/**
 * Answers what is remembered before any routing, where reading needs no login: it is most of what is asked. Takes the
 * time of everything, and leaves no connection waiting for a body.
 */
function wrapFetch(
  app: WebApp,
  { memory, timings, bodies }: { memory: AnswerMemory | null; timings: HttpTimings; bodies: RequestBodies },
): void {
  const { fetch } = app;
  const record = (request: Request, { path, status, startedAt }: { path: string; status: number; startedAt: number }) =>
    timings.record({ method: request.method, path, status, seconds: (performance.now() - startedAt) / 1_000 });
  app.fetch = (request, ...rest) => {
    const startedAt = performance.now();
    const recalled = memory?.recall(request) ?? null;
    if (recalled !== null) {
      record(request, { path: recalled.path, status: recalled.response.status, startedAt });
      return recalled.response;
    }
    const answer = async () => {
      const response = await fetch(request, ...rest);
      record(request, { path: new URL(request.url).pathname, status: response.status, startedAt });
      return await endUnread(request, { response, bodies });
    };
    return answer();
  };
}
