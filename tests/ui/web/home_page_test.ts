import assert from "node:assert/strict";
import { parse } from "node-html-parser";
import { row, snapshot } from "../../domain/history/snapshots.ts";
import { store } from "../../adapters/sqlite/history_database.ts";
import { fillTwoCycles, type TestServices, testServices } from "../services_harness.ts";

async function page({ app }: Pick<TestServices, "app">, path = "/") {
  const response = await app.request(path);
  assert.equal(response.status, 200);
  return parse(await response.text());
}

const text = (root: { querySelector(selector: string): { text: string } | null }, selector: string) =>
  root.querySelector(selector)?.text.replaceAll(/\s+/g, " ").trim();

Deno.test("the page answers first: used, where it will end, when the budget is gone", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const root = await page(services);
  assert.equal(
    text(root, "h1"),
    "$10.00 of your $20.00 is used. At this pace it will be $30.00 by 1 December, " +
      "and the budget is gone on 21 November.",
  );
  assert.equal(text(root, "h1 em.over"), "$30.00 by 1 December");
  assert.equal(text(root, ".meter figcaption"), "$10.00 now$20.00 budget$30.00 projected");
  assert.equal(
    root.querySelector(".meter svg")?.getAttribute("aria-label"),
    "Spend so far (50 %), projected (150 %) of the budget",
  );
});

Deno.test("the page has a card for the projection and one for today", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const cards = (await page(services)).querySelectorAll(".cards .card").map((card) =>
    card.text.replaceAll(/\s+/g, " ").trim()
  );
  assert.deepEqual(cards.slice(0, 4), [
    "Spent included$10.00at API prices, $0.00 billed on top",
    "Projected over$30.00linear",
    "Left $10.00$0.50 a day keeps you under for 20 days",
    "Today $0.00usual day $1.00",
  ]);
});

Deno.test("the page lists days newest first, and marks estimated ones", async () => {
  using services = testServices({ now: "2026-11-03T12:00:00Z" });
  store(services.stores, snapshot("2026-11-03T12:00:00Z", [row("opus", 6)]));
  const days = (await page(services)).querySelectorAll("table")[1]?.querySelectorAll("tbody tr") ?? [];
  const cells = days.map((day) => day.text.replaceAll(/\s+/g, " ").trim());
  // 60 hours since 1 November: $2.40, $2.40 and $1.20.
  assert.match(cells[0] ?? "", /^Tue 3 Nov estimated\s*\$1\.20/);
  assert.match(cells[2] ?? "", /^Sun 1 Nov estimated\s*\$2\.40/);
});

Deno.test("a past cycle is shown as it ended", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const root = await page(services, "/?cycle=2026-10-01");
  assert.equal(text(root, "h1"), "$31.00 of the $20.00 was used.");
  assert.equal(root.querySelector("option[selected]")?.getAttribute("value"), "2026-10-01");
  assert.equal(text(await page(services, "/?cycle="), "h1 em"), "$30.00 by 1 December");
});

Deno.test("unknown costs are named, not projected", async () => {
  using services = testServices();
  store(services.stores, snapshot("2026-11-10T00:00:00Z", [row("opus", 2), row("hidden", null)]));
  assert.equal(text(await page(services), "h1"), "$2.00 is used in this cycle, and 1 model of unknown cost.");
});

Deno.test("the page without figures says how to get them", async () => {
  using services = testServices();
  assert.equal(text(await page(services), "h1"), "No figures yet.");
});

Deno.test("no style or script is inline, as the page's own policy forbids", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const root = await page(services);
  assert.deepEqual(
    root.querySelectorAll("[style], script:not([src]):not([type='application/json']), style").map(String),
    [],
  );
});
