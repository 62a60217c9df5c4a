import type { Page } from "playwright-core";
import { type FailedPage, MAX_PAYLOAD_BYTES } from "../../domain/capture.ts";
import { maskEmails } from "../../domain/redact.ts";
import { readHtml } from "./in_page.ts";
import { maskPage } from "./mask_page.ts";

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
async function inTime<T>(work: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => timer = setTimeout(() => resolve(null), STEP_LIMIT_MS));
  try {
    return await Promise.race([work.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}
