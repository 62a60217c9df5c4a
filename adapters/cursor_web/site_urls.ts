/** Endpoints that hold figures though none of the words below stands in their URL. */
const ENDPOINTS = /\/(?:get-hard-limit|get-monthly-invoice|get-plan-info|auth\/me)(?:[/?#]|$)/;
const WORDS = /usage|spend|billing/i;

/** A call that is made inside the page where the page itself did not make it. */
export interface InPageCall {
  readonly endpoint: string;
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly body: string | null;
}

/** What the figures of a cycle are read from. Without dates, the site answers for the current cycle. */
export const IN_PAGE_CALLS: readonly InPageCall[] = [
  { endpoint: "usage-summary", path: "/api/usage-summary", method: "GET", body: null },
  {
    endpoint: "get-current-period-usage",
    path: "/api/dashboard/get-current-period-usage",
    method: "POST",
    body: "{}",
  },
  {
    endpoint: "get-aggregated-usage-events",
    path: "/api/dashboard/get-aggregated-usage-events",
    method: "POST",
    body: `{"teamId":0}`,
  },
];

/** Whether the URL's words say that it is about usage. */
export function isUsageUrl(url: string): boolean {
  const { pathname, search } = new URL(url);
  return WORDS.test(pathname + search) || ENDPOINTS.test(pathname);
}

/** Whether the URL belongs to the usage page's site: the same host, or one below it. */
export function isOwnHost(url: string, usageUrl: URL): boolean {
  const { protocol, host } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") return false;
  const site = usageUrl.host.replace(/^www\./, "");
  return host === usageUrl.host || host === site || host.endsWith(`.${site}`);
}

/** Last part of a URL's path: "get-aggregated-usage-events". */
export function endpointOf(url: string): string {
  return new URL(url).pathname.split("/").filter((part) => part !== "").at(-1) ?? "";
}
