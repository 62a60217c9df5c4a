import type { Page } from "playwright-core";
import { MAX_PAYLOAD_BYTES, type RawPayload } from "../../domain/capture.ts";
import { normalize } from "../../domain/normalize/mod.ts";
import { parsePayload } from "../../domain/normalize/parse.ts";
import type { Clock } from "../../domain/ports.ts";
import { isChallengePage } from "./capture.ts";
import { askInPage, hasLoginForm, type PageAnswer, readHtml } from "./in_page.ts";
import { pageReader } from "./page_reader.ts";
import { IN_PAGE_CALLS, isOwnHost } from "./site_urls.ts";

/** Where a login stands, as one look at a page tells. */
export type LoginSight =
  /** Nothing can be told yet: the page goes on to another one. */
  | { readonly state: "loading" }
  /** The page did not arrive. */
  | { readonly state: "unreachable" }
  /** Another site's page, such as that of a Google or GitHub login. */
  | { readonly state: "elsewhere"; readonly host: string }
  | { readonly state: "challenged" }
  | { readonly state: "login_form" }
  /** The site's own page, whose usage data is refused or does not come. */
  | { readonly state: "no_data"; readonly status: number }
  /** A session: the site answers, but with nothing that this version can read. */
  | { readonly state: "accepted" }
  /** A session, and the usage table with so many models. */
  | { readonly state: "readable"; readonly models: number };

/** Looks at the page once. Nothing that was typed into it is read. Never throws: a page may go away meanwhile. */
export async function lookAtLogin(
  page: Page,
  { usageUrl, clock }: { usageUrl: URL; clock: Clock },
): Promise<LoginSight> {
  try {
    const url = page.url();
    if (url.startsWith("chrome-error:")) return { state: "unreachable" };
    if (!/^https?:/.test(url)) return { state: "loading" };
    if (isChallengePage(await page.title())) return { state: "challenged" };
    if (!isOwnHost(url, usageUrl)) return { state: "elsewhere", host: new URL(url).host };
    if (await hasLoginForm(page)) return { state: "login_form" };
    return await lookAtData(page, clock);
  } catch {
    return { state: "loading" }; // it went on to another page, or was closed, while it was looked at
  }
}

async function lookAtData(page: Page, clock: Clock): Promise<LoginSight> {
  const answers = await askInPage(page, { calls: IN_PAGE_CALLS, maxChars: MAX_PAYLOAD_BYTES });
  const json = answers.filter(isJson).map(payloadOf);
  const models = modelsIn(json, clock);
  if (models !== null) return { state: "readable", models };
  const html = await readHtml(page, MAX_PAYLOAD_BYTES);
  const inPage = html === null ? null : modelsIn([...json, htmlOf(page.url(), html)], clock);
  if (inPage !== null) return { state: "readable", models: inPage };
  if (json.some(({ status }) => status < 300)) return { state: "accepted" };
  return { state: "no_data", status: answers.map(({ status }) => status).find((status) => status >= 300) ?? 0 };
}

/** How many models the usage table has; null where there is none that this version knows. */
function modelsIn(payloads: readonly RawPayload[], clock: Clock): number | null {
  const parsed = payloads.map((payload) => parsePayload(payload, pageReader));
  return normalize(parsed, clock.now()).usage?.rows.length ?? null;
}

/** A page in the place of the data, such as a login that was redirected to, is no answer. */
function isJson({ contentType }: PageAnswer): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType);
}

function payloadOf({ url, status, contentType, body }: PageAnswer): RawPayload {
  const call = IN_PAGE_CALLS.find(({ path }) => new URL(url).pathname === path);
  return {
    kind: "network_json",
    url,
    method: call?.method ?? "GET",
    status,
    requestBody: call?.body ?? null,
    contentType,
    body,
  };
}

function htmlOf(url: string, body: string): RawPayload {
  return { kind: "html", url, method: "GET", status: 200, requestBody: null, contentType: "text/html", body };
}

/** The sight in a sentence, for the person who logs in; null where there is nothing to say. */
export function sentenceOf(sight: LoginSight): string | null {
  switch (sight.state) {
    case "loading":
      return null;
    case "unreachable":
      return "The usage page cannot be reached; trying again.";
    case "elsewhere":
      return `The login goes on at ${sight.host}.`;
    case "challenged":
      return "The site checks whether a person is there; pass its check if it asks for one.";
    case "login_form":
      return "Cursor asks for a login.";
    case "no_data":
      return sight.status === 0
        ? "Cursor's page is open, but its usage data does not come yet."
        : `Cursor's page is open, but its usage data is not given out yet (HTTP status ${sight.status}).`;
    case "accepted":
      return "Cursor answers this login, but the usage table has not been seen yet.";
    case "readable":
      return `The usage data can be read: ${sight.models} model${sight.models === 1 ? "" : "s"}.`;
  }
}
