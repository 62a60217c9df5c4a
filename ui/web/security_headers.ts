import type { MiddlewareHandler } from "@hono/hono";

/** The two style sheets that ApexCharts 4.7.0 puts into a page: one for its tooltips, one for its legends. */
const APEXCHARTS_STYLES = [
  "'sha256-TBymqJXQvXKxe+z+3ydUYBErlkFFu110c5FjiVB8p+M='",
  "'sha256-aSysLrDECVdJ6L+jLf8CC5QKLmwRuk/OZiZk9mYky8A='",
];

const POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "script-src 'self'",
  `style-src 'self' ${APEXCHARTS_STYLES.join(" ")}`,
].join("; ");

/** What the pages need of a browser: nothing. */
const REFUSED_FEATURES = [
  "accelerometer",
  "browsing-topics",
  "camera",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "geolocation",
  "gyroscope",
  "hid",
  "microphone",
  "midi",
  "payment",
  "publickey-credentials-get",
  "screen-wake-lock",
  "serial",
  "usb",
  "xr-spatial-tracking",
];

/** Of everything: no browser takes it for what it is not, and no other site's page loads or frames it. */
export const OF_DATA: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Of pages: no inline script, no framing, no referrer, nothing from another host. */
const OF_PAGES: Readonly<Record<string, string>> = {
  ...OF_DATA,
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "permissions-policy": REFUSED_FEATURES.map((feature) => `${feature}=()`).join(", "),
  "x-dns-prefetch-control": "off",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
};

/** Sets the headers that keep an answer what it is: those of pages on HTML, the few that matter on the rest. */
export function securityHeaders(): MiddlewareHandler {
  return async function setSecurityHeaders(context, next) {
    await next();
    const { headers } = context.res;
    const isPage = (headers.get("content-type") ?? "").startsWith("text/html");
    for (const [name, value] of Object.entries(isPage ? OF_PAGES : OF_DATA)) headers.set(name, value);
  };
}
