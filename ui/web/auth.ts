import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "@hono/hono";
import type { Config } from "../../domain/config.ts";
import { type Problem, problemResponse } from "./problem.ts";

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
/** Asked by monitors that know no password. */
const ALWAYS_OPEN = "/healthz";

/**
 * Lets a write pass only with the dashboard's user and password, and only from its own pages; reads too where
 * `auth` is `all`. Without a configured password nothing can be written.
 */
export function auth(dashboard: Config["dashboard"]): MiddlewareHandler {
  const expected = dashboard.user === null || dashboard.password === null
    ? null
    : { user: dashboard.user, password: dashboard.password };
  return async function checkLogin(context, next) {
    const isRead = READS.has(context.req.method);
    if (isRead && (dashboard.auth === "writes" || context.req.path === ALWAYS_OPEN)) return await next();
    if (!isRead && isForeign(context.req)) return problemResponse(context, FOREIGN);
    if (expected === null) return problemResponse(context, NO_PASSWORD);
    const given = credentialsOf(context.req.header("authorization"));
    const matches = given !== null && [
      isEqual(given.user, expected.user),
      isEqual(given.password, expected.password.reveal()),
    ].every((same) => same);
    if (matches) return await next();
    context.header("www-authenticate", 'Basic realm="tracker", charset="UTF-8"');
    return problemResponse(context, given === null ? LOGIN_NEEDED : WRONG_LOGIN);
  };
}

const FOREIGN: Problem = {
  status: 403,
  title: "Forbidden",
  detail: "Cannot write as the request comes from another site's page.",
  hint: "Use the dashboard itself, or a client that sends no Origin header.",
};
const NO_PASSWORD: Problem = {
  status: 403,
  title: "Forbidden",
  detail: "Cannot write as no login is configured: DASH_USER and DASH_PASS must both be set.",
  hint: "Set DASH_USER and DASH_PASS, then start the server again.",
};
const LOGIN_NEEDED: Problem = {
  status: 401,
  title: "Unauthorized",
  detail: "A login is needed: Basic authentication with DASH_USER and DASH_PASS.",
};
const WRONG_LOGIN: Problem = { status: 401, title: "Unauthorized", detail: "The user or the password is wrong." };

/** Whether a browser sends this on behalf of another site. Clients other than browsers send neither header. */
function isForeign(request: { url: string; header(name: string): string | undefined }): boolean {
  const site = request.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  const origin = request.header("origin");
  if (origin === undefined) return false;
  const host = request.header("host") ?? new URL(request.url).host;
  return !URL.canParse(origin) || new URL(origin).host !== host.toLowerCase();
}

/** User and password of a Basic Authorization header; null where it is none. */
function credentialsOf(header: string | undefined): { user: string; password: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*) *$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return null;
  const text = decode(encoded);
  const colon = text?.indexOf(":") ?? -1;
  return text === null || colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function decode(base64: string): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.fromBase64(base64));
  } catch {
    // Neither base64 nor UTF-8: no credentials at all.
    return null;
  }
}

/** Compares digests in constant time, so that neither content nor length of the secret shows in how long it takes. */
function isEqual(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
