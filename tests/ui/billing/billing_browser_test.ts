import { reportHtml } from "../../../ui/billing/report.tsx";
import { readBilling } from "../../../ui/billing/view.ts";
import { createWebApp } from "../../../ui/web/app.ts";
import { browserOfFile } from "../../browser.ts";
import { handWorkedMonth, rawEvent } from "../../domain/billing/raw_events.ts";
import { withTempDir } from "../../temp_dir.ts";
import { billingServices } from "../billing_services.ts";
import { serveApp } from "../serve_app.ts";
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

const MONTHS = [
  { month: "2026-01", events: handWorkedMonth() },
  { month: "2026-02", events: [rawEvent(), rawEvent({ userEmail: "ben@example.com", model: "comet-pro" })] },
];

const browser = browserOfFile();

/** Opens the address in a new page; answers what the browser complained about and which requests it made. */
async function withPage(
  url: string,
  { isOffline }: { isOffline: boolean },
  use: (page: Page, seen: { complaints: string[]; requests: string[] }) => Promise<void>,
): Promise<void> {
  await using context = await browser().newContext({ offline: isOffline, colorScheme: "dark" });
  const page = await context.newPage();
  const seen = { complaints: new Array<string>(), requests: new Array<string>() };
  page.on("console", (message) => seen.complaints.push(message.text()));
  page.on("pageerror", (error) => seen.complaints.push(error.message));
  page.on("request", (request) => seen.requests.push(request.url()));
  await page.goto(url);
  await use(page, seen);
}

function firstCells(page: Page, label: string): Promise<string[]> {
  return page.getByRole("table", { name: label, exact: true }).locator("tbody th").allInnerTexts();
}

Deno.test("the report works from a file without a network: charts, sorting and printing", async () => {
  await withTempDir(async (folder) => {
    using services = billingServices(MONTHS);
    const path = `${folder}/billing_dashboard.html`;
    const options = { now: services.clock.now(), timeZone: "UTC", topUsers: 20 };
    await Deno.writeTextFile(path, reportHtml(readBilling(services), options));
    await withPage(`file://${path}`, { isOffline: true }, async (page, seen) => {
      await page.locator("#trend-chart svg.apexcharts-svg").waitFor();
      assert.equal(await page.locator("#trend-chart path.apexcharts-bar-area").count(), 2);
      await page.locator("#models-chart svg.apexcharts-svg").waitFor();

      assert.deepEqual(await firstCells(page, "Top cost users"), ["ada@example.com", "ben@example.com", "(no e-mail)"]);
      const heading = page.getByRole("table", { name: "Top cost users" }).getByRole("button", { name: "User" });
      await heading.click();
      assert.deepEqual(await firstCells(page, "Top cost users"), ["(no e-mail)", "ada@example.com", "ben@example.com"]);
      await heading.click();
      assert.deepEqual(await firstCells(page, "Top cost users"), ["ben@example.com", "ada@example.com", "(no e-mail)"]);

      const pdf = await page.pdf();
      assert.ok(pdf.length > 10_000);
      await page.locator("#trend-chart svg.apexcharts-svg").waitFor();
      assert.deepEqual(seen.complaints, []);
      assert.deepEqual(seen.requests.filter((url) => !url.startsWith("data:")), [`file://${path}`]);
    });
  });
});

Deno.test("the billing page draws its charts under the site's own security policy", async () => {
  using services = billingServices(MONTHS);
  await using server = await serveApp(createWebApp(services));
  const origin = `http://127.0.0.1:${server.addr.port}`;
  await withPage(`${origin}/billing`, { isOffline: false }, async (page, seen) => {
    await page.locator("#trend-chart svg.apexcharts-svg").waitFor();
    await page.locator("#models-chart svg.apexcharts-svg").waitFor();
    await page.locator("select[name=user]").selectOption("ben@example.com");
    await page.getByRole("button", { name: "Show" }).click();
    // 8 + 21.5 cents.
    await page.getByRole("heading", { name: "$0.30 was billed on demand for ben@example.com" }).waitFor();
    await page.locator("#models-chart svg.apexcharts-svg").waitFor();
    assert.deepEqual(seen.complaints, []);
    assert.ok(seen.requests.every((url) => url.startsWith(`${origin}/`) || url.startsWith("data:")));
  });
});

Deno.test("a model's name is text in the report's charts, whatever it looks like", async () => {
  await withTempDir(async (folder) => {
    const model = "<img src=x onerror=console.log('run')> 100%";
    using services = billingServices([{ month: "2026-01", events: [rawEvent({ model }), rawEvent()] }]);
    const path = `${folder}/report.html`;
    const options = { now: services.clock.now(), timeZone: "UTC", topUsers: 20 };
    await Deno.writeTextFile(path, reportHtml(readBilling(services), options));
    await withPage(`file://${path}`, { isOffline: true }, async (page, seen) => {
      const names = page.locator("#models-chart .apexcharts-legend-text");
      await names.first().waitFor();
      assert.ok((await names.allInnerTexts()).includes(model));
      await page.locator("#models-chart path.apexcharts-bar-area").first().hover({ force: true });
      await page.locator("#models-chart .apexcharts-tooltip.apexcharts-active").waitFor();
      assert.equal(await page.locator("img").count(), 0);
      assert.deepEqual(seen.complaints, []);
    });
  });
});
