import type { Context, MiddlewareHandler } from "@hono/hono";
import type { Config } from "../../domain/config.ts";
import type { Log } from "../../domain/ports.ts";
import { clientAddress } from "./client_address.ts";
import { isEqual } from "./constant_time.ts";
import { CSRF_HEADER, type CsrfTokens } from "./csrf.ts";
import { readForm } from "./form.ts";
import type { LoginSlowdown } from "./login_slowdown.ts";
import { type Problem, problemResponse } from "./problem.ts";

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
/** Asked by monitors that know no password. */
const ALWAYS_OPEN = "/healthz";

/** What the check of logins works with. */
export interface AuthParts {
  readonly dashboard: Config["dashboard"];
  readonly slowdown: LoginSlowdown;
  readonly tokens: CsrfTokens;
  readonly log: Log;
}

/** Why nothing can be written; null where somebody can log in. */
export function writeRefusal({ user, password }: Config["dashboard"]): Problem | null {
  return user === null || password === null ? NO_PASSWORD : null;
}

/**
 * Lets a write pass only with the dashboard's user and password, and from a browser only from its own pages, which know
 * the token; reads too need the login where `auth` is `all`. Without a configured password nothing can be written.
 */
export function auth(parts: AuthParts): MiddlewareHandler {
  const { dashboard, tokens } = parts;
  return async function checkAccess(context, next) {
    const isRead = READS.has(context.req.method);
    if (isRead && (dashboard.auth === "writes" || context.req.path === ALWAYS_OPEN)) return await next();
    if (!isRead && isForeign(context.req)) return problemResponse(context, FOREIGN);
    const user = checkLogin(context, parts);
    if (typeof user !== "string") return user;
    if (isRead || !needsToken(context)) return await next();
    const token = context.req.header(CSRF_HEADER) ?? (await readForm(context)).get("csrf") ?? "";
    if (!tokens.isValid(token, user)) return problemResponse(context, NO_TOKEN);
    return await next();
  };
}

/** The user that is logged in, or the refusal. */
function checkLogin(context: Context, { dashboard, slowdown, log }: AuthParts): string | Response {
  const { user, password } = dashboard;
  if (user === null || password === null) return problemResponse(context, NO_PASSWORD);
  const given = credentialsOf(context.req.header("authorization"));
  if (given === null) return askForLogin(context, LOGIN_NEEDED);
  const address = clientAddress(context.env);
  const waitSeconds = Math.ceil(slowdown.waitMs(address) / 1_000);
  if (waitSeconds > 0) {
    context.header("retry-after", String(waitSeconds));
    return problemResponse(context, tooManyLogins(waitSeconds));
  }
  const matches = [isEqual(given.user, user), isEqual(given.password, password.reveal())].every((same) => same);
  if (matches) {
    slowdown.succeeded(address);
    return user;
  }
  const failures = slowdown.failed(address);
  log.warn("login.failed", { address, failures });
  return askForLogin(context, WRONG_LOGIN);
}

function askForLogin(context: Context, problem: Problem): Response {
  context.header("www-authenticate", 'Basic realm="tracker", charset="UTF-8"');
  return problemResponse(context, problem);
}

/**
 * Browsers send the login by themselves, so that it does not prove who made the request: forms need the token, and so does
 * whatever comes from a browser. Other clients send neither of these headers.
 */
function needsToken({ req }: Context): boolean {
  return !req.path.startsWith("/api/") || req.header("origin") !== undefined ||
    req.header("sec-fetch-site") !== undefined;
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
const NO_TOKEN: Problem = {
  status: 403,
  title: "Forbidden",
  detail: "Cannot write as the request does not carry the token of a page of this dashboard.",
  hint: "Load the page again and repeat it: a page's token ends after a day, and when the server starts again.",
};

function tooManyLogins(seconds: number): Problem {
  return {
    status: 429,
    title: "Too many requests",
    detail: `Cannot check the login as too many wrong ones came from this address: wait ${seconds} s.`,
    hint: "Wait as long as the Retry-After header says; the right login works then.",
  };
}

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
