/// <reference lib="dom" />
import type { Page } from "playwright-core";
import { z } from "zod";

const CALL_LIMIT_MS = 15_000;

/** What the site answered to a call that was made inside the page; status 0 where there was no answer. */
const pageAnswer = z.object({ url: z.string(), status: z.number(), contentType: z.string(), body: z.string() });
export type PageAnswer = z.infer<typeof pageAnswer>;

/** Makes the calls inside the page, and answers what came; a body longer than `maxChars` is left out. */
export async function askInPage(
  page: Page,
  { calls, maxChars }: { calls: readonly InPageCall[]; maxChars: number },
): Promise<PageAnswer[]> {
  const answers = await page.evaluate(async ({ calls, limitMs, maxChars }) => {
    return await Promise.all(calls.map(async ({ path, method, body }) => {
      try {
        const answer = await fetch(path, {
          method,
          body,
          headers: body === null ? {} : { "content-type": "application/json" },
          signal: AbortSignal.timeout(limitMs),
        });
        const text = await answer.text();
        const contentType = answer.headers.get("content-type") ?? "";
        return { url: answer.url, status: answer.status, contentType, body: text.length > maxChars ? "" : text };
      } catch {
        return { url: new URL(path, location.href).href, status: 0, contentType: "", body: "" };
      }
    }));
  }, { calls: calls.map(({ path, method, body }) => ({ path, method, body })), limitMs: CALL_LIMIT_MS, maxChars });
  return z.array(pageAnswer).parse(answers);
}

/** Makes the calls inside the page, as its own script would; answers their statuses, 0 where there was no answer. */
export async function callInPage(page: Page, calls: readonly InPageCall[]): Promise<number[]> {
  const statuses = await page.evaluate(async ({ calls, limitMs }) => {
    const answers = await Promise.allSettled(calls.map(async ({ path, method, body }) => {
      const answer = await fetch(path, {
        method,
        body,
        headers: body === null ? {} : { "content-type": "application/json" },
        signal: AbortSignal.timeout(limitMs),
      });
      await answer.arrayBuffer();
      return answer.status;
    }));
    return answers.map((answer) => answer.status === "fulfilled" ? answer.value : 0);
  }, { calls: calls.map(({ path, method, body }) => ({ path, method, body })), limitMs: CALL_LIMIT_MS });
  return z.array(z.number()).parse(statuses);
}

/** Whether the page asks for a password or for an e-mail to log in with. */
export async function hasLoginForm(page: Page): Promise<boolean> {
  const found = await page.evaluate(() => {
    const isLoginPage = /log\s?in|sign\s?in/i.test(document.title + (document.querySelector("h1")?.textContent ?? ""));
    return document.querySelector("input[type=password]") !== null ||
      (isLoginPage && document.querySelector("form input[type=email], form input[name=email]") !== null);
  });
  return z.boolean().parse(found);
}

/** The page's HTML without scripts, styles and what was typed into it; null where it is larger than `maxBytes`. */
export async function readHtml(page: Page, maxBytes: number): Promise<string | null> {
  const html = await page.evaluate((limit) => {
    if (document.documentElement.innerHTML.length > limit) return null;
    const copy = document.documentElement.cloneNode(true) as Element;
    copy.querySelectorAll("script, style, svg, iframe, link, noscript, template").forEach((element) =>
      element.remove()
    );
    copy.querySelectorAll("input, textarea").forEach((element) => element.removeAttribute("value"));
    return `<!doctype html>${copy.outerHTML}`;
  }, maxBytes);
  return z.string().nullable().parse(html);
}

/** Endpoints that hold figures though none of the words below stands in their URL. */
const ENDPOINTS = /\/(?:get-hard-limit|get-monthly-invoice|get-plan-info|auth\/me)(?:[/?#]|$)/;
const WORDS = /usage|spend|billing/i;

/** A call that is made inside the page where the page itself did not make it. */
interface InPageCall {
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
