import { type Browser, chromium } from "playwright-core";

/** The browser that the tests use. */
export const BROWSER_PATH = Deno.env.get("BROWSER_PATH") ?? "/usr/bin/chromium";

const ARGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  "--no-sandbox",
];

/**
 * Starts a browser before the first test of the file that calls this, and closes it after the last; returns how to get
 * it. Each test opens contexts of its own in it.
 */
export function browserOfFile(): () => Browser {
  let browser: Browser | null = null;
  Deno.test.beforeAll(async () => {
    browser = await chromium.launch({ executablePath: BROWSER_PATH, args: ARGS });
  });
  Deno.test.afterAll(() => browser?.close());
  return () => {
    if (browser === null) throw new Error("The browser is there within the file's tests only");
    return browser;
  };
}

/** Closes what a test has opened in it: a page that is left open goes on drawing and listening. */
export async function closePages(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}
