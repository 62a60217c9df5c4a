import type { Context, MiddlewareHandler } from "@hono/hono";
import { HTTPException } from "@hono/hono/http-exception";
import { OpenAPIHono } from "@hono/zod-openapi";
import { Reports } from "../../domain/report/reports.ts";
import type { Services } from "../services.ts";
import { AnswerMemory } from "./answer_memory.ts";
import { auth } from "./auth.ts";
import { bodyGuard, endUnread } from "./body_guard.ts";
import { compressAnswers } from "./compressed.ts";
import { CsrfTokens } from "./csrf.ts";
import { alertsPage } from "./pages/alerts.tsx";
import { DoctorMemo } from "./doctor_memo.ts";
import { limitHeaders } from "./header_limits.ts";
import { hostGuard, refuseForeignHosts } from "./host_guard.ts";
import { knownMethods } from "./known_methods.ts";
import { LiveFeed } from "./live/feed.ts";
import { LoginSlowdown } from "./login_slowdown.ts";
import { HttpTimings } from "./metrics/http_timings.ts";
import { apiDocsPage } from "./pages/api_docs.tsx";
import { billingPage } from "./pages/billing.tsx";
import { homePage } from "./pages/home.tsx";
import { runPage } from "./pages/run.tsx";
import { runsPage } from "./pages/runs.tsx";
import { settingsPage } from "./pages/settings.tsx";
import { alertsRoutes } from "./routes/alerts.ts";
import { HttpProblem, type Problem, problemResponse } from "./problem.ts";
import { RequestBodies } from "./request_body.ts";
import { RouteTable } from "./route_table.ts";
import { assetRoutes } from "./routes/assets.ts";
import { billingRoutes } from "./routes/billing.ts";
import { budgetRoutes } from "./routes/budget.ts";
import { cycleRoute } from "./routes/cycle.ts";
import { cyclesRoute } from "./routes/cycles.ts";
import { dailyRoute } from "./routes/daily.ts";
import { eventsRoute } from "./routes/events.ts";
import { healthRoute } from "./routes/health.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { modelsRoute } from "./routes/models.ts";
import { openapiRoute } from "./routes/openapi.ts";
import { runForms } from "./routes/run_forms.ts";
import { runsRoutes } from "./routes/runs.ts";
import { scorecardRoute } from "./routes/scorecard.ts";
import { settingsRoute } from "./routes/settings.ts";
import { settingsForms } from "./routes/settings_forms.ts";
import { summaryRoute } from "./routes/summary.ts";
import { tilesRoute } from "./routes/tiles.ts";
import { refuseInvalid } from "./schemas.ts";
import { securityHeaders } from "./security_headers.ts";

/** What answers HTTP. */
export type WebApp = OpenAPIHono;

/** What the routes work with: the services, and reports that remember what they worked out. */
export interface WebServices extends Services {
  readonly reports: Reports;
  readonly timings: HttpTimings;
  readonly tokens: CsrfTokens;
  readonly live: LiveFeed;
  readonly doctorMemo: DoctorMemo;
}

/** How the app is served. */
export interface WebAppOptions {
  /** Names that the network calls this machine; requests for others are refused. Default none. */
  readonly ownNames?: readonly string[];
  /** Aborted when the server stops: streams that would never end by themselves end then. */
  readonly closing?: AbortSignal;
}

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
  const parts = {
    timings: new HttpTimings(table),
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
  wrapFetch(app, { ...parts, memory: config.dashboard.auth === "writes" ? parts.memory : null });
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
