import { VERSION } from "../../domain/version.ts";
import billingCharts from "../billing/assets/billing_charts.js" with { type: "text" };
import sortTables from "../billing/assets/sort_tables.js" with { type: "text" };
import axis from "./assets/charts/axis.js" with { type: "text" };
import charts from "./assets/charts/charts.js" with { type: "text" };
import marks from "./assets/charts/marks.js" with { type: "text" };
import options from "./assets/charts/options.js" with { type: "text" };
import tooltip from "./assets/charts/tooltip.js" with { type: "text" };
import live from "./assets/live.js" with { type: "text" };
import morph from "./assets/morph.js" with { type: "text" };
import theme from "./assets/theme.js" with { type: "text" };
import { BROTLI_FOR_EVER, EncodedBody, encodingFor } from "./compression.ts";
import type { WebApp } from "./context.ts";
import { STYLE } from "./style.ts";
import apexcharts from "apexcharts/dist/apexcharts.min.js" with { type: "text" };
import { createHash } from "node:crypto";

const LIBRARY = "apexcharts.js";

/** Everything that pages load, embedded, so that nothing comes from another host. */
export const ASSETS = {
  "style.css": STYLE,
  "theme.js": theme,
  "charts.js": charts,
  "options.js": options,
  "axis.js": axis,
  "marks.js": marks,
  "tooltip.js": tooltip,
  [LIBRARY]: apexcharts,
  "billing_charts.js": billingCharts,
  "sort_tables.js": sortTables,
  "live.js": live,
  "morph.js": morph,
} as const;
type AssetName = keyof typeof ASSETS;

/** Another text with every change of what pages load, but for the library, whose version is fixed. */
const REVISION = `${VERSION}-${revisionOf(Object.entries(ASSETS).filter(([name]) => name !== LIBRARY))}`;

function revisionOf(assets: readonly (readonly [string, string])[]): string {
  const hash = createHash("sha256");
  for (const [, text] of assets) hash.update(text);
  return hash.digest("base64url").slice(0, 8);
}

/** Where the pages find it; the revision in it lets browsers keep it for ever. */
export function assetPath(name: AssetName): string {
  return `/assets/${REVISION}/${name}`;
}

/** GET /assets/…: embedded and compressed; a browser asks for each once. */
export function assetRoutes(app: WebApp): void {
  const bodies = new Map<string, EncodedBody>();
  const bodyOf = (name: AssetName) => {
    const body = bodies.get(name) ?? new EncodedBody(ASSETS[name], { quality: BROTLI_FOR_EVER });
    bodies.set(name, body);
    return body;
  };
  app.get("/assets/:revision/:name", async (context) => {
    const name = context.req.param("name");
    if (!isAsset(name)) return context.notFound();
    const encoding = encodingFor(context.req.header("accept-encoding") ?? null);
    const bytes = await bodyOf(name).as(encoding);
    return context.body(bytes, 200, {
      "content-type": `${name.endsWith(".css") ? "text/css" : "text/javascript"}; charset=utf-8`,
      "content-length": String(bytes.length),
      "cache-control": "public, max-age=31536000, immutable",
      "vary": "accept-encoding",
      ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
    });
  });
}

function isAsset(name: string): name is AssetName {
  return Object.hasOwn(ASSETS, name);
}
