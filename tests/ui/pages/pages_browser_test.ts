import { createWebApp } from "../../../ui/web/app.ts";
import { fileDatabase } from "../../adapters/sqlite/test_database.ts";
import { browserOfFile, closePages } from "../../browser.ts";
import { dollars, instant } from "../../domain/history/snapshots.ts";
import { fillAlerts, fillRuns, LOGIN, type PagesServices, pagesServices } from "../pages_services.ts";
import { serveApp } from "../serve_app.ts";
import type { Listener } from "../../../compose/listener.ts";
import axe from "axe-core";
import assert from "node:assert/strict";
import type { Browser, BrowserContext, Page } from "playwright-core";

const PAGES = ["/alerts", "/runs", "/runs/59", "/settings"];
const ARTIFACTS = new URL("../../../artifacts/pages/", import.meta.url).pathname;

const browser = browserOfFile();

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly origin: string;
  /** What the browser complained about, and requests to other hosts. */
  readonly complaints: string[];
}

/** Opens an empty page of a context of its own; fails where the browser complained about anything. */
async function withPage(
  { origin, ...options }: Parameters<Browser["newContext"]>[0] & { origin: string },
  use: (opened: Opened) => Promise<void>,
): Promise<void> {
  const httpCredentials = { username: LOGIN.DASH_USER, password: LOGIN.DASH_PASS };
  const context = await browser().newContext({ httpCredentials, ...options });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => void complaints.push(message.text()));
    page.on("pageerror", (error) => void complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) complaints.push(request.url());
    });
    await use({ page, context, origin, complaints });
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(`axe.run(document).then(({ violations }) =>
    JSON.stringify(violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" "))))`);
  return JSON.parse(String(found));
}

/** Every page in both themes: light on a wide screen, dark on a phone. */
async function looksRight(
  { origin, state }: { origin: string; state: "full" | "empty" },
): Promise<void> {
  const screens = [{ colorScheme: "light", width: 1440 }, { colorScheme: "dark", width: 360 }] as const;
  for (const { colorScheme, width } of screens) {
    await withPage({ origin, colorScheme, viewport: { width, height: 900 } }, async ({ page }) => {
      for (const path of PAGES.filter((one) => state === "full" || one !== "/runs/59")) {
        await page.goto(`${origin}${path}`);
        await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
        const what = `${path} ${state} ${colorScheme} ${width}`;
        assert.deepEqual(await violations(page), [], what);
        for (const part of ["html", "header.top nav"]) {
          const widest = Number(await page.evaluate(`document.querySelector("${part}").scrollWidth`));
          const room = Number(await page.evaluate(`document.querySelector("${part}").clientWidth`));
          assert.ok(widest <= room, `${what}: ${part} is ${widest} px wide, of ${room}`);
        }
        await page.screenshot({ path: `${ARTIFACTS}${what.replaceAll(/\W+/g, "-")}.png`, fullPage: true });
      }
    });
  }
}

Deno.test("alerts, runs and settings in a real browser", async (t) => {
  const database = fileDatabase();
  await using services = pagesServices({ database });
  await using empty = pagesServices({ env: {} });
  fillRuns(services);
  fillAlerts(services);
  await using server = await serveApp(services.app);
  await using emptyServer = await serveApp(empty.app);
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const open = (use: (opened: Opened) => Promise<void>) => withPage({ origin }, use);
  try {
    await t.step("no accessibility fault in either theme, and nothing wider than a phone", async () => {
      await looksRight({ origin, state: "full" });
      await looksRight({ origin: `http://127.0.0.1:${emptyServer.addr.port}`, state: "empty" });
    });
    await t.step(
      "another process's budget shows up; focus, typing, scrolling and open parts stay",
      () => open(staysAsItWas(database)),
    );
    await t.step("a run shows up, goes on and ends without a reload", () => open(followsRun(services)));
    await t.step("an alert is acknowledged with the keyboard alone", () => open(acknowledgesByKeyboard));
    await t.step(
      "the forms work without JavaScript",
      () => withPage({ origin, javaScriptEnabled: false }, worksWithoutScripts),
    );
    await t.step("a page that nobody looks at does not listen", () => open(restsWhenHidden(services)));
  } finally {
    services.closing.abort();
    empty.closing.abort();
  }
});

function staysAsItWas({ connect }: ReturnType<typeof fileDatabase>) {
  return async ({ page, origin }: Opened) => {
    await page.setViewportSize({ width: 800, height: 500 });
    await page.goto(`${origin}/settings`);
    await page.locator("#defaults summary").click();
    await page.getByLabel("Dollars a cycle").fill("33");
    await page.evaluate(
      "document.addEventListener('tracker:updated', () => document.body.dataset.updated = 'yes', { once: true })",
    );
    await page.evaluate("scrollTo(0, 120)");
    const scrolled = await page.evaluate("scrollY");
    connect().stores.budgets.set(dollars(77), instant("2026-11-21T19:59:00Z"));
    await page.getByRole("heading", { name: "$77.00 may be spent in a cycle" }).waitFor();
    assert.equal(await page.getByLabel("Dollars a cycle").inputValue(), "33");
    assert.equal(await page.evaluate("document.activeElement.id"), "dollars");
    assert.equal(await page.locator("#defaults").getAttribute("open"), "");
    assert.equal(await page.evaluate("scrollY"), scrolled);
    assert.equal(await page.evaluate("document.body.dataset.updated"), "yes");
  };
}

function followsRun(services: PagesServices) {
  return async ({ page, origin }: Opened) => {
    await page.goto(`${origin}/runs`);
    const failed = page.getByRole("link", { name: "Run 60", exact: true });
    await failed.focus();
    const { id } = services.runs.begin("scrape", "2026-11-21T20:00Z", null);
    await page.getByRole("heading", { name: "Scrape running now." }).waitFor();
    await page.getByRole("link", { name: `Run ${id}`, exact: true }).waitFor();
    assert.equal(await page.evaluate("document.activeElement.ariaLabel"), "Run 60");
    services.gate.resolve("captured");
    await page.getByRole("heading", { name: "All jobs are well." }).waitFor();
    assert.equal(await page.locator(`[data-live-key=run-${id}] .badge`).innerText(), "succeeded");
  };
}

async function acknowledgesByKeyboard({ page, origin }: Opened): Promise<void> {
  await page.goto(`${origin}/alerts`);
  const label = "Acknowledge: The usage page cannot be read";
  for (let presses = 0; await page.evaluate("document.activeElement.ariaLabel") !== label; presses++) {
    assert.ok(presses < 30, "the button is reached by Tab");
    await page.keyboard.press("Tab");
  }
  const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
  assert.equal(outline, "solid", "the focus is seen");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("The alert is acknowledged").waitFor();
  await page.getByRole("heading", { name: "2 alerts are open; you know of them." }).waitFor();
  await page.waitForURL(`${origin}/alerts`);
}

async function worksWithoutScripts({ page, origin }: Opened): Promise<void> {
  await page.goto(`${origin}/settings`);
  await page.getByLabel("Dollars a cycle").fill("19.50");
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await page.getByRole("status").getByText("The budget is set.").waitFor();
  await page.getByRole("heading", { name: "$19.50 may be spent in a cycle" }).waitFor();
  await page.goto(`${origin}/runs`);
  await page.getByRole("button", { name: "Scrape now" }).click();
  await page.getByRole("status").getByText("The scrape has started.").waitFor();
  assert.match(page.url(), /\/runs\/\d+\?said=scrape-started$/);
}

/** Hidden pages close their stream; a page that is looked at again is told what it missed. */
function restsWhenHidden({ stores }: PagesServices) {
  return async ({ page, origin }: Opened) => {
    const streams: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/api/events")) streams.push(request.url());
    });
    const show = (isHidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, "hidden", { value: ${isHidden}, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"))`);
    const ended = page.waitForEvent("requestfailed", (request) => request.url().includes("/api/events"));
    const refreshed = page.waitForRequest((request) => request.resourceType() === "fetch");
    await page.goto(`${origin}/alerts`);
    await refreshed;
    await show(true);
    await ended;
    stores.alerts.open({ kind: "anomaly", dedupeKey: "late", details: "?", at: instant("2026-11-21T20:00:00Z") });
    await show(false);
    await page.getByRole("heading", { name: "Unusual usage" }).waitFor();
    assert.match(streams.at(-1) ?? "", /\?last_event_id=[0-9a-f]{8}-\d+$/);
  };
}

Deno.test("a page comes back by itself after the server started anew", async () => {
  await using before = pagesServices();
  await using after = pagesServices();
  const first = await serveApp(before.app);
  const { port } = first.addr;
  let second: Listener | null = null;
  try {
    const page = await browser().newPage();
    const listening = page.waitForResponse((response) => response.url().includes("/api/events"));
    await page.goto(`http://127.0.0.1:${port}/alerts`);
    await listening;
    before.closing.abort();
    await first.shutdown();
    after.stores.alerts.open({ kind: "anomaly", dedupeKey: "a", details: "?", at: instant("2026-11-21T20:00:00Z") });
    second = await serveApp(createWebApp(after, { closing: after.closing.signal }), { port });
    await page.getByRole("heading", { name: "Unusual usage" }).waitFor();
  } finally {
    after.closing.abort();
    await closePages(browser());
    await second?.shutdown();
  }
});
