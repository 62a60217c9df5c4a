/// <reference lib="dom" />
import type { Page } from "playwright-core";
import { z } from "zod";
import type { InPageCall } from "./site_urls.ts";

const CALL_LIMIT_MS = 15_000;

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
