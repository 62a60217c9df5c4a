import type { Page } from "playwright-core";
import { type FailedPage, MAX_PAYLOAD_BYTES } from "../../domain/capture.ts";
import { maskEmails } from "../../domain/redact.ts";
import { readHtml } from "./in_page.ts";
import { maskPage } from "./mask_page.ts";

const LIMIT_MS = 5_000;

/**
 * How the page looks, for whoever finds out why it brought no figures. The page's own scripts are stopped first, so that
 * none puts back what was masked. Null where there is nothing to see, or the page does not answer in time.
 */
export async function photograph(
  page: Page,
  { clean }: { clean: (text: string) => string },
): Promise<FailedPage | null> {
  if (page.isClosed() || page.url() === "about:blank") return null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => timer = setTimeout(() => resolve(null), LIMIT_MS));
  try {
    return await Promise.race([look(page, clean), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function look(page: Page, clean: (text: string) => string): Promise<FailedPage | null> {
  try {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Emulation.setScriptExecutionDisabled", { value: true });
    const html = await readHtml(page, MAX_PAYLOAD_BYTES);
    await maskPage(page);
    const shot = await page.screenshot({ type: "png", animations: "disabled", caret: "hide", timeout: LIMIT_MS });
    return { screenshot: new Uint8Array(shot), html: html === null ? null : maskEmails(clean(html)) };
  } catch {
    return null; // a page that crashed or was closed has no look
  }
}
