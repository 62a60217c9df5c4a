import billingStyle from "../../billing/assets/billing.css" with { type: "text" };
import pico from "@picocss/pico/css/pico.min.css" with { type: "text" };
import figures from "../assets/figures.css" with { type: "text" };
import style from "../assets/style.css" with { type: "text" };
import tokens from "../assets/tokens.css" with { type: "text" };
import { VERSION } from "../../../domain/version.ts";
import type { WebApp } from "../app.tsx";

/** Where the pages find the style; the version in it lets browsers keep it for ever. */
export const STYLE_PATH = `/assets/${VERSION}/style.css`;

/** GET /assets/…: embedded, so that nothing is loaded from another host. */
export function assetRoutes(app: WebApp): void {
  app.get("/assets/:version/style.css", (context) =>
    context.body(pico + tokens + style + figures + billingStyle, 200, {
      "content-type": "text/css; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
    }));
}
