import { VERSION } from "../../../domain/version.ts";
import { STYLE } from "../../style.ts";
import type { WebApp } from "../app.tsx";

/** Where the pages find the style; the version in it lets browsers keep it for ever. */
export const STYLE_PATH = `/assets/${VERSION}/style.css`;

/** GET /assets/…: embedded, so that nothing is loaded from another host. */
export function assetRoutes(app: WebApp): void {
  app.get("/assets/:version/style.css", (context) =>
    context.body(STYLE, 200, {
      "content-type": "text/css; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
    }));
}
