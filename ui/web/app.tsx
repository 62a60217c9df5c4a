import { OpenAPIHono } from "@hono/zod-openapi";
import type { Services } from "../services.ts";
import { billingPage } from "./pages/billing.tsx";
import { homePage } from "./pages/home.tsx";
import { invalidRequest, problemResponse } from "./problem.ts";
import { assetRoutes } from "./routes/assets.ts";
import { billingRoutes } from "./routes/billing.ts";
import { scriptRoutes } from "./routes/scripts.ts";
import { cycleRoute } from "./routes/cycle.ts";
import { healthRoute } from "./routes/health.ts";
import { modelsRoute } from "./routes/models.ts";
import { tilesRoute } from "./routes/tiles.ts";
import { securityHeaders } from "./security_headers.ts";

/** What answers HTTP. */
export type WebApp = OpenAPIHono;

/** Every route; a new one is one file and one line here. */
const ROUTES = [
  healthRoute,
  cycleRoute,
  modelsRoute,
  tilesRoute,
  assetRoutes,
  homePage,
  billingRoutes,
  scriptRoutes,
  billingPage,
] as const satisfies readonly ((
  app: WebApp,
  services: Services,
) => void)[];

/** The dashboard and its API. */
export function createWebApp(services: Services): WebApp {
  const app: WebApp = new OpenAPIHono({ defaultHook: invalidRequest });
  app.use(securityHeaders());
  for (const addRoute of ROUTES) addRoute(app, services);
  app.notFound((context) =>
    problemResponse(context, { status: 404, title: "Not found", detail: "There is nothing at this address." })
  );
  app.onError((error, context) => {
    services.log.error("http.failed", { path: context.req.path, method: context.req.method, error: error.message });
    const detail = "The answer could not be made; the log says why.";
    return problemResponse(context, { status: 500, title: "Internal error", detail });
  });
  return app;
}
