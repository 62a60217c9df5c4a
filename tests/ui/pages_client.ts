import { BASIC, type PagesServices } from "./pages_services.ts";

const ORIGIN = "http://tracker.lan:8787";
/** What a browser adds to a request of one of our own pages. */
export const OWN_PAGE = { host: "tracker.lan:8787", origin: ORIGIN, "sec-fetch-site": "same-origin" };

/** Requests as a client sends them; each from its own address where one is given. */
export function clientOf({ app }: Pick<PagesServices, "app">) {
  const send = async (
    method: string,
    path: string,
    { headers = {}, body, address = "10.0.0.7" }: {
      headers?: Record<string, string>;
      body?: string;
      address?: string;
    } = {},
  ): Promise<Response> =>
    await app.request(`${ORIGIN}${path}`, { method, headers, ...(body === undefined ? {} : { body }) }, {
      remoteAddr: { transport: "tcp", hostname: address, port: 50_000 },
    });
  return {
    send,
    get: (path: string) => send("GET", path),
    /** Like `curl -u … -X POST`. */
    post: (path: string, headers: Record<string, string> = {}) =>
      send("POST", path, { headers: { authorization: BASIC, ...headers } }),
    /** Like a browser that sends a form of the page. */
    async submit(page: string, action: string, fields: Record<string, string> = {}): Promise<Response> {
      const csrf = tokenIn(await (await send("GET", page)).text());
      return await send("POST", action, {
        headers: { ...OWN_PAGE, authorization: BASIC, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ csrf, ...fields }).toString(),
      });
    },
  };
}

/** The token that a page's forms carry; empty where it has none. */
export function tokenIn(page: string): string {
  return /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? "";
}
