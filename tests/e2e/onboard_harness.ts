import { findXvfb } from "../../adapters/browser/remote/display.ts";
import type { CursorSim } from "../../fixtures/cursor_sim/server.ts";
import type { Tracker } from "./harness.ts";
import { startTextReader } from "./text_reader.ts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** Where Xvfb is; null where the tests of a window cannot be run. */
export const XVFB = findXvfb({ path: Deno.env.get("PATH") ?? "" });

const LINK = /http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}/;

/** A command that goes on, and what it says meanwhile. */
export function start(tracker: Tracker, ...args: string[]) {
  const child = tracker.spawn(...args);
  const stdout = startTextReader(child.stdout);
  const stderr = startTextReader(child.stderr);
  return {
    child,
    stderr,
    async link() {
      const [link] = await stderr.waitFor(LINK);
      return link;
    },
    async ended() {
      const [{ code }] = await Promise.all([child.status, stdout.ended, stderr.ended]);
      return { code, stdout: stdout.text(), stderr: stderr.text() };
    },
  };
}

/** Opens the remote page and waits until it shows the browser. */
export async function openViewer(browser: Browser, link: string, device: BrowserContextOptions): Promise<Page> {
  const page = await (await browser.newContext(device)).newPage();
  await page.goto(link);
  await page.locator("#cover").waitFor({ state: "hidden" });
  await page.locator("#site").filter({ hasText: "http" }).waitFor();
  return page;
}

/** Where the login form's parts are on the viewer's picture, as a page of the same size has them. */
export async function formPlaces(viewer: Page, sim: CursorSim) {
  const frame = await viewer.locator("#screen").boundingBox();
  if (frame === null) throw new Error("The picture is not shown");
  const viewport = { width: Math.round(frame.width), height: Math.round(frame.height) };
  const twin = await viewer.context().browser()?.newPage({ viewport });
  if (twin === undefined) throw new Error("The viewer's browser is gone");
  try {
    await twin.goto(`${sim.origin}/login`);
    const middleOf = async (selector: string) => {
      const box = await twin.locator(selector).boundingBox();
      if (box === null) throw new Error(`No ${selector} in the form`);
      return { x: frame.x + box.x + box.width / 2, y: frame.y + box.y + box.height / 2 };
    };
    return {
      email: await middleOf("#email"),
      password: await middleOf("#password"),
      button: await middleOf("button"),
    };
  } finally {
    await twin.close();
  }
}
