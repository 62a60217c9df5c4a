import { HTTPException } from "@hono/hono/http-exception";
import { OpenAPIHono } from "@hono/zod-openapi";
import { Reports } from "../../domain/report/reports.ts";
import type { Services } from "../services.ts";
import { AnswerMemory } from "./answer_memory.ts";
import { auth } from "./auth.ts";
import { CsrfTokens } from "./csrf.ts";
import { alertsPage } from "./pages/alerts.tsx";
import { billingPage } from "./pages/billing.tsx";
import { homePage } from "./pages/home.tsx";
import { runPage } from "./pages/run.tsx";
import { runsPage } from "./pages/runs.tsx";
import { settingsPage } from "./pages/settings.tsx";
import { DoctorMemo } from "./doctor_memo.ts";
import { LiveFeed } from "./live/feed.ts";
import { LoginSlowdown } from "./login_slowdown.ts";
import { HttpProblem, problemResponse } from "./problem.ts";
import { alertsRoutes } from "./routes/alerts.ts";
import { assetRoutes } from "./routes/assets.ts";
import { billingRoutes } from "./routes/billing.ts";
import { budgetRoutes } from "./routes/budget.ts";
import { cycleRoute } from "./routes/cycle.ts";
import { cyclesRoute } from "./routes/cycles.ts";
import { dailyRoute } from "./routes/daily.ts";
import { eventsRoute } from "./routes/events.ts";
import { healthRoute } from "./routes/health.ts";
import { modelsRoute } from "./routes/models.ts";
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
  readonly tokens: CsrfTokens;
  readonly live: LiveFeed;
  readonly doctorMemo: DoctorMemo;
}

/** How the app is served. */
export interface WebAppOptions {
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
] as const satisfies readonly ((app: WebApp, services: WebServices) => void)[];

/** The dashboard and its API. */
export function createWebApp(services: Services, { closing }: WebAppOptions = {}): WebApp {
  const { config, clock, stores, log } = services;
  const app: WebApp = new OpenAPIHono({ defaultHook: refuseInvalid });
  const tokens = new CsrfTokens({ clock });
  app.use(auth({ dashboard: config.dashboard, slowdown: new LoginSlowdown({ clock }), tokens, log }));
  const memory = new AnswerMemory({ clock, version: stores.version });
  app.use(memory.remember());
  app.use(securityHeaders());
  const live = new LiveFeed(services, closing === undefined ? {} : { closing });
  const doctorMemo = new DoctorMemo({ ...services, onReport: () => live.announce() });
  const webServices: WebServices = { ...services, reports: new Reports(services), tokens, live, doctorMemo };
  for (const addRoute of ROUTES) addRoute(app, webServices);
  app.notFound((context) =>
    problemResponse(context, { status: 404, title: "Not found", detail: "There is nothing at this address." })
  );
  app.onError((error, context) => {
    if (error instanceof HttpProblem) return problemResponse(context, error.problem);
    if (error instanceof HTTPException && error.status === 400) {
      return problemResponse(context, { status: 400, title: "Bad request", detail: error.message });
    }
    log.error("http.failed", { path: context.req.path, method: context.req.method, error: error.message });
    const detail = "The answer could not be made; the log says why.";
    return problemResponse(context, { status: 500, title: "Internal error", detail });
  });
  if (config.dashboard.auth === "writes") recallFirst(app, memory);
  return app;
}

/** Answers what is remembered before any routing, where reading needs no login: it is most of what is asked. */
function recallFirst(app: WebApp, memory: AnswerMemory): void {
  const { fetch } = app;
  app.fetch = (request, ...rest) => memory.recall(request) ?? fetch(request, ...rest);
}
