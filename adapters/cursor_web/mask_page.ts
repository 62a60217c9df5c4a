/// <reference lib="dom" />
import type { Page } from "playwright-core";
import { EMAIL_PATTERN, TOKEN_PATTERN } from "../../domain/redact.ts";

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
