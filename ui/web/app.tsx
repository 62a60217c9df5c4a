import type { Context } from "@hono/hono";
import { HTTPException } from "@hono/hono/http-exception";
import { OpenAPIHono } from "@hono/zod-openapi";
import { Reports } from "../../domain/report/reports.ts";
import type { Services } from "../services.ts";
import { AnswerMemory } from "./answer_memory.ts";
import { auth } from "./auth.ts";
import { bodyGuard, endUnread } from "./body_guard.ts";
import { compressAnswers } from "./compressed.ts";
import { limitHeaders } from "./header_limits.ts";
import { hostGuard, refuseForeignHosts } from "./host_guard.ts";
import { knownMethods } from "./known_methods.ts";
import { HttpTimings } from "./metrics/http_timings.ts";
import { billingPage } from "./pages/billing.tsx";
import { homePage } from "./pages/home.tsx";
import { HttpProblem, type Problem, problemResponse } from "./problem.ts";
import { RequestBodies } from "./request_body.ts";
import { RouteTable } from "./route_table.ts";
import { assetRoutes } from "./routes/assets.ts";
import { billingRoutes } from "./routes/billing.ts";
import { budgetRoutes } from "./routes/budget.ts";
import { cycleRoute } from "./routes/cycle.ts";
import { cyclesRoute } from "./routes/cycles.ts";
import { dailyRoute } from "./routes/daily.ts";
import { healthRoute } from "./routes/health.ts";
import { modelsRoute } from "./routes/models.ts";
import { scorecardRoute } from "./routes/scorecard.ts";
import { scriptRoutes } from "./routes/scripts.ts";
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
  scriptRoutes,
  billingPage,
] as const satisfies readonly ((app: WebApp, services: WebServices) => void)[];

/** What the app needs to know of the machine. */
export interface WebAppOptions {
  /** Names that the network calls this machine; requests for others are refused. Default none. */
  readonly ownNames?: readonly string[];
}

/** The dashboard and its API. */
export function createWebApp(services: Services, { ownNames = [] }: WebAppOptions = {}): WebApp {
  const { config, clock, stores } = services;
  const app: WebApp = new OpenAPIHono({ defaultHook: refuseInvalid });
  const table = lazyTable(app);
  const timings = new HttpTimings(table);
  const bodies = new RequestBodies();
  const memory = new AnswerMemory({ clock, version: stores.version });
  const isAllOpen = config.dashboard.auth === "writes";
  app.use(limitHeaders());
  app.use(refuseForeignHosts(hostGuard(config, { ownNames })));
  // Where reading needs the login, nobody without it learns which addresses there are.
  const [first, second] = [knownMethods(table), auth(config.dashboard)];
  app.use(...(isAllOpen ? [first, second] : [second, first]));
  app.use(bodyGuard(bodies), compressAnswers(), memory.remember(), securityHeaders());
  const withReports: WebServices = { ...services, reports: new Reports(services), timings };
  for (const addRoute of ROUTES) addRoute(app, withReports);
  app.notFound((context) =>
    problemResponse(context, { status: 404, title: "Not found", detail: "There is nothing at this address." })
  );
  app.onError((error, context) => problemResponse(context, problemOf(error, { context, services })));
  wrapFetch(app, { memory: isAllOpen ? memory : null, timings, bodies });
  return app;
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
