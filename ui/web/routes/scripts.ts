import apexcharts from "apexcharts/dist/apexcharts.min.js" with { type: "text" };
import { VERSION } from "../../../domain/version.ts";
import billingCharts from "../../billing/assets/billing_charts.js" with { type: "text" };
import sortTables from "../../billing/assets/sort_tables.js" with { type: "text" };
import live from "../assets/live.js" with { type: "text" };
import morph from "../assets/morph.js" with { type: "text" };
import theme from "../assets/theme.js" with { type: "text" };
import type { WebApp } from "../app.tsx";

const SCRIPTS = {
  "apexcharts.js": apexcharts,
  "billing_charts.js": billingCharts,
  "live.js": live,
  "morph.js": morph,
  "sort_tables.js": sortTables,
  "theme.js": theme,
} as const;

/** Where the pages find a script; the version in it lets browsers keep it for ever. */
export function scriptPath(name: keyof typeof SCRIPTS): string {
  return `/assets/${VERSION}/${name}`;
}

/** GET /assets/…js: embedded, so that nothing is loaded from another host. */
export function scriptRoutes(app: WebApp): void {
  for (const [name, text] of Object.entries(SCRIPTS)) {
    app.get(`/assets/:version/${name}`, (context) =>
      context.body(text, 200, {
        "content-type": "text/javascript; charset=utf-8",
        "cache-control": "public, max-age=31536000, immutable",
      }));
  }
}
