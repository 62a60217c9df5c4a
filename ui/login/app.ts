import { tokensCss } from "../web/tokens.ts";
import keyboardScript from "./assets/keyboard.js" with { type: "text" };
import style from "./assets/login.css" with { type: "text" };
import page from "./assets/login.html" with { type: "text" };
import script from "./assets/login.js" with { type: "text" };
import pointerScript from "./assets/pointer.js" with { type: "text" };
import { isIpAddress, isLanAddress } from "./lan_address.ts";
import type { RemoteLogin } from "./remote_login.ts";
import { type Context, Hono } from "@hono/hono";
import { getCookie, setCookie } from "@hono/hono/cookie";
import { z } from "zod";

const MAX_CLAIM_CHARS = 1_024;
const claimRequest = z.strictObject({ token: z.string().max(256) });

const ASSETS: Readonly<Record<string, { readonly type: string; readonly text: string }>> = {
  "/": { type: "text/html", text: page },
  "/login.css": { type: "text/css", text: tokensCss() + style },
  "/login.js": { type: "text/javascript", text: script },
  "/keyboard.js": { type: "text/javascript", text: keyboardScript },
  "/pointer.js": { type: "text/javascript", text: pointerScript },
};

/** What the server tells about a request besides the request itself. */
type RemoteBindings = { Bindings: { readonly peer: string | null } };

/** What the page is made of. */
interface RemoteAppOptions {
  readonly login: Pick<RemoteLogin, "claim" | "link" | "admit">;
  /** Names besides addresses under which it may be opened, in lower case. */
  readonly hostNames: ReadonlySet<string>;
  /** Of the cookie; tells two logins on one machine apart. */
  readonly cookieName: string;
}

/**
 * The page of a remote login. It holds nothing by itself and is shown to everybody on the network; the token in the link's
 * fragment, which no server sees, is posted by its script and changed for a cookie, and only that opens the screen.
 */
export function createRemoteApp({ login, hostNames, cookieName }: RemoteAppOptions): Hono<RemoteBindings> {
  const app = new Hono<RemoteBindings>();
  app.use(async (context, next) => {
    const isCall = context.req.path === "/claim" || context.req.path === "/screen";
    const { host, origin } = context.req.header();
    const refusal = refusalOf({ peer: context.env.peer, host, origin }, { hostNames, needsOrigin: isCall });
    if (refusal === null) await next();
    else context.res = context.text(REFUSALS[refusal], 403);
    if (context.res.status !== 101) setHeaders(context, host);
  });
  for (const [path, { type, text }] of Object.entries(ASSETS)) {
    app.get(path, (context) => context.body(text, 200, { "content-type": `${type}; charset=utf-8` }));
  }
  app.post("/claim", async (context) => {
    const token = await tokenOf(context);
    if (token === null) return context.text("Bad request", 400);
    const claim = login.claim(token);
    if (claim.outcome === "accepted") {
      setCookie(context, cookieName, claim.pass, { httpOnly: true, sameSite: "Strict", path: "/" });
      return context.body(null, 204);
    }
    if (claim.outcome === "used") return context.text("This link was used already.", 410);
    return context.text("This link is wrong.", 403);
  });
  app.get("/screen", (context) => {
    if (!login.link.accepts(getCookie(context, cookieName))) return context.text("Open the link first.", 403);
    if (context.req.header("upgrade")?.toLowerCase() !== "websocket") return context.text("A WebSocket only.", 426);
    const { socket, response } = Deno.upgradeWebSocket(context.req.raw);
    login.admit(socket);
    return response;
  });
  app.notFound((context) => context.text("There is nothing here.", 404));
  // Whatever failed may have had a secret in its hands: it is not repeated.
  app.onError((_error, context) => context.text("The answer could not be made.", 500));
  return app;
}

const REFUSALS = {
  peer: "Only the local network is answered.",
  host: "This page is not served under that name.",
  origin: "The request comes from another site's page.",
} as const;

async function tokenOf(context: Context): Promise<string | null> {
  const length = Number(context.req.header("content-length") ?? NaN);
  const isJson = context.req.header("content-type")?.split(";")[0]?.trim() === "application/json";
  if (!isJson || !(length <= MAX_CLAIM_CHARS)) return null;
  try {
    return claimRequest.parse(await context.req.json()).token;
  } catch {
    return null; // it is no claim
  }
}

function setHeaders(context: Context, host: string | undefined): void {
  const headers = context.res.headers;
  // Older browsers do not take a WebSocket for "self"; a Host that was let pass holds nothing but a name and a port.
  const socket = context.res.status === 403 || host === undefined ? "" : ` ws://${host} wss://${host}`;
  headers.set(
    "content-security-policy",
    `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'${socket}; img-src data:; base-uri 'none'; ` +
      "form-action 'none'; frame-ancestors 'none'",
  );
  headers.set("cache-control", "no-store");
  headers.set("cross-origin-resource-policy", "same-origin");
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("referrer-policy", "no-referrer");
  headers.set("x-content-type-options", "nosniff");
  headers.set("x-frame-options", "DENY");
  headers.set("x-robots-tag", "noindex");
}

/** What a request tells about where it comes from. */
interface RequestOrigin {
  /** The other end's address; null where it is not known. */
  readonly peer: string | null;
  readonly host: string | undefined;
  /** The Origin header: the page that the request was made by. */
  readonly origin: string | undefined;
}

/** Why a request is refused; null where it is not. */
type Refusal = "peer" | "host" | "origin" | null;

/**
 * Answers only the network here: the other end's address is private, the name in Host is an address or one of ours (a
 * foreign name may be made to point here), and a call comes from this page itself.
 */
function refusalOf(
  { peer, host, origin }: RequestOrigin,
  { hostNames, needsOrigin }: { hostNames: ReadonlySet<string>; needsOrigin: boolean },
): Refusal {
  if (peer === null || !isLanAddress(peer)) return "peer";
  const name = hostNameOf(host);
  if (name === null || !(isIpAddress(name) ? isLanAddress(name) : hostNames.has(name))) return "host";
  if (origin === undefined) return needsOrigin ? "origin" : null;
  // A proxy may speak TLS in front of this page.
  return origin === `http://${host}` || origin === `https://${host}` ? null : "origin";
}

/** "192.168.1.2" of "192.168.1.2:8080", "fd00::1" of "[fd00::1]:8080"; null for what is no host. */
function hostNameOf(host: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i.exec(host ?? "");
  const name = match?.[1] ?? match?.[2];
  return name === undefined ? null : name.toLowerCase();
}
