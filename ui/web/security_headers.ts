import type { MiddlewareHandler } from "@hono/hono";
import { secureHeaders } from "@hono/hono/secure-headers";

/** The two style sheets that ApexCharts 4.7.0 puts into a page: one for its tooltips, one for its legends. */
const APEXCHARTS_STYLES = [
  "'sha256-TBymqJXQvXKxe+z+3ydUYBErlkFFu110c5FjiVB8p+M='",
  "'sha256-aSysLrDECVdJ6L+jLf8CC5QKLmwRuk/OZiZk9mYky8A='",
];

/** What matters for data: no browser takes it for a page, and no other site's page loads it. */
const OF_DATA: Readonly<Record<string, string>> = {
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/** Pages: no inline script, no framing, no referrer, nothing from another host. Data: the few headers that matter. */
export function securityHeaders(): MiddlewareHandler {
  const ofPages = headersOfPages();
  return async function setSecurityHeaders(context, next) {
    if (!context.req.path.startsWith("/api/")) return await ofPages(context, next);
    await next();
    for (const [name, value] of Object.entries(OF_DATA)) context.res.headers.set(name, value);
  };
}

function headersOfPages(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'", "data:"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", ...APEXCHARTS_STYLES],
    },
    referrerPolicy: "no-referrer",
    strictTransportSecurity: false,
    xFrameOptions: "DENY",
  });
}
