/// <reference lib="dom" />
import { type FailedPage, MAX_PAYLOAD_BYTES } from "../../domain/capture/capture.ts";
import { EMAIL_PATTERN, maskEmails, TOKEN_PATTERN } from "../../domain/redact.ts";
import { within } from "../system/timer.ts";
import { readHtml } from "./in_page.ts";
import type { Page } from "playwright-core";

/** A page that stopped half-way on its way here may never answer. */
const STEP_LIMIT_MS = 2_500;

/**
 * How the page looks, for whoever finds out why it brought no figures. The page's own scripts are stopped first, so that
 * none puts back what was masked. Null where there is nothing to see, or the page does not answer in time.
 */
export async function photograph(
  page: Page,
  { clean }: { clean: (text: string) => string },
): Promise<FailedPage | null> {
  if (page.isClosed() || page.url() === "about:blank") return null;
  const html = await inTime(readDom(page));
  if (html === null) return null;
  const screenshot = await inTime(shoot(page));
  return { screenshot, html: html === "" ? null : maskEmails(clean(html)) };
}

/** The DOM; empty where it is too large. */
async function readDom(page: Page): Promise<string> {
  const cdp = await page.context().newCDPSession(page);
  // A page that still waits for its end cannot be photographed.
  await cdp.send("Page.stopLoading");
  await cdp.send("Emulation.setScriptExecutionDisabled", { value: true });
  return await readHtml(page, MAX_PAYLOAD_BYTES) ?? "";
}

async function shoot(page: Page): Promise<Uint8Array<ArrayBuffer>> {
  await maskPage(page);
  return new Uint8Array(await page.screenshot({ type: "png", animations: "disabled", timeout: STEP_LIMIT_MS }));
}

/** What it comes to; null where it takes too long, or the page crashed or was closed: such a page has no look. */
function inTime<T>(work: Promise<T>): Promise<T | null> {
  return within(STEP_LIMIT_MS, work.catch(() => null));
}

/** An address may be spread over several elements; one that holds more text than this is no address but a page. */
const MOST_CHARS = 320;

/**
 * Masks what a picture must not show: e-mail addresses, tokens, whatever was typed, and frames of other sites. Reaches
 * into open shadow roots.
 */
export async function maskPage(page: Page): Promise<void> {
  await page.evaluate(({ email, token, mostChars }) => {
    const clean = (text: string) =>
      text.replace(new RegExp(token, "g"), "[redacted]").replace(new RegExp(email, "gi"), "[e-mail]");
    const maskTexts = (root: Node) => {
      const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
        const text = node.nodeValue ?? "";
        if (clean(text) !== text) node.nodeValue = clean(text);
      }
    };
    const maskElement = (element: Element) => {
      if (element instanceof HTMLInputElement && !["submit", "button", "reset"].includes(element.type)) {
        element.value = "";
      }
      if (element instanceof HTMLTextAreaElement) element.value = "";
      if (element instanceof HTMLIFrameElement) element.style.visibility = "hidden";
      for (const name of ["placeholder", "value", "alt", "label"]) {
        const text = element.getAttribute(name);
        if (text !== null && clean(text) !== text) element.setAttribute(name, clean(text));
      }
      const text = element.textContent ?? "";
      if (text.length <= mostChars && clean(text) !== text) element.textContent = clean(text);
    };
    const mask = (root: Document | ShadowRoot) => {
      maskTexts(root);
      // The innermost first: an address that is spread over several elements is masked in the smallest that holds it all.
      for (const element of [...root.querySelectorAll("*")].reverse()) {
        maskElement(element);
        if (element.shadowRoot !== null) mask(element.shadowRoot);
      }
    };
    mask(document);
  }, { email: EMAIL_PATTERN, token: TOKEN_PATTERN, mostChars: MOST_CHARS });
}
