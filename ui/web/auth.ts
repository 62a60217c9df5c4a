import type { Clock } from "../../domain/clock.ts";
import type { Config } from "../../domain/config.ts";
import type { Log } from "../../domain/log.ts";
import { type Problem, problemResponse } from "./problem.ts";
import { readForm } from "./request_body.ts";
import { clientAddress } from "./request_guard.ts";
import type { Context, MiddlewareHandler } from "@hono/hono";
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
/** Asked by monitors that know no password. */
const ALWAYS_OPEN = "/healthz";

/** What the check of logins works with. */
interface AuthParts {
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

/** Compares digests in constant time, so that neither content nor length of the secret shows in how long it takes. */
function isEqual(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** A page may stay open this long before its forms must be loaded anew. */
const VALID_HOURS = 24;

/** Where scripts put the token; forms have a field of the name `csrf`. */
const CSRF_HEADER = "x-csrf-token";

/**
 * Tokens that prove that a request comes from one of our own pages: only those can read them. Nothing is stored; the key
 * is this process's own, so that a token ends with it.
 */
export class CsrfTokens {
  readonly #clock: Clock;
  readonly #key = randomBytes(32);

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  /** A token for this user's writes; the same for an hour, so that pages can be remembered. */
  issue(user: string): string {
    const hour = String(this.#hour());
    return `${hour}.${this.#sign(hour, user)}`;
  }

  /** Whether the token was issued for this user, and not too long ago. */
  isValid(token: string, user: string): boolean {
    const [hour = "", signature = ""] = token.split(".", 2);
    const isOurs = isEqual(signature, this.#sign(hour, user));
    const age = this.#hour() - Number(hour);
    return isOurs && age >= 0 && age <= VALID_HOURS;
  }

  #sign(hour: string, user: string): string {
    return createHmac("sha256", this.#key).update(`${hour}\n${user}`).digest("base64url");
  }

  #hour(): number {
    return Math.floor(this.#clock.now().epochMilliseconds / 3_600_000);
  }
}

/** Slips of the keyboard cost nothing; the wait doubles with each further one, up to a minute. */
const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** After so long without a wrong login an address begins anew. */
const FORGOTTEN_AFTER_MS = 15 * 60_000;
/** The addresses that failed last are known. */
const MOST_ADDRESSES = 1_000;

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

/** Makes who guesses logins wait, by address. Each question costs the same however many addresses are known. */
export class LoginSlowdown {
  readonly #clock: Clock;
  /** The least recent failure first. */
  readonly #failures = new Map<string, Failures>();

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  /** How long the address has to wait for its next try, in milliseconds. */
  waitMs(address: string): number {
    const known = this.#known(address);
    if (known === null || known.count < FREE_FAILURES) return 0;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (known.count - FREE_FAILURES), LONGEST_WAIT_MS);
    return Math.max(0, known.lastMs + wait - this.#nowMs());
  }

  /** Counts a wrong login; answers how many there were in a row. */
  failed(address: string): number {
    const count = (this.#known(address)?.count ?? 0) + 1;
    this.#failures.delete(address);
    this.#failures.set(address, { count, lastMs: this.#nowMs() });
    const oldest = this.#failures.keys().next();
    if (this.#failures.size > MOST_ADDRESSES && !oldest.done) this.#failures.delete(oldest.value);
    return count;
  }

  succeeded(address: string): void {
    this.#failures.delete(address);
  }

  /** A clock that was set back, too, begins anew: nobody waits for the time before it. */
  #known(address: string): Failures | null {
    const known = this.#failures.get(address) ?? null;
    if (known === null) return null;
    const ageMs = this.#nowMs() - known.lastMs;
    return ageMs < 0 || ageMs > FORGOTTEN_AFTER_MS ? null : known;
  }

  #nowMs(): number {
    return this.#clock.now().epochMilliseconds;
  }
}
