import { MonthAggregator } from "../../../domain/billing/rollup.ts";
import { modelColors } from "../../../ui/words/model_colors.ts";
import { store } from "../../adapters/sqlite/test_database.ts";
import { rawEvent } from "../../domain/billing/raw_events.ts";
import { makeEvent } from "../../domain/events/make_event.ts";
import { dollars, row, snapshot } from "../../domain/history/snapshots.ts";
import { fillTwoCycles, type TestServices, testServices } from "../services_harness.ts";
import { parse } from "node-html-parser";
import assert from "node:assert/strict";

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
    "Spent included$10.00at API prices, $0.00 billed on top$10.00 in the cycle before by then",
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

Deno.test("a range shows days of earlier cycles, by links that keep the cycle", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const rows = (root: Awaited<ReturnType<typeof page>>) => root.querySelectorAll("#tile-daily_spend tbody tr");
  assert.equal(rows(await page(services)).length, 11);
  const root = await page(services, "/?range=3m");
  assert.equal(rows(root).length, 42);
  assert.equal(text(root, ".ranges [aria-current]"), "3 months");
  const links = (await page(services, "/?cycle=2026-10-01")).querySelectorAll(".ranges a");
  assert.equal(links[1]?.getAttribute("href"), "/?cycle=2026-10-01&amp;range=3m".replaceAll("&amp;", "&"));
  assert.equal((await services.app.request("/?range=ever")).status, 400);
});

Deno.test("days that only events tell are shown before the first scrape", async () => {
  using services = testServices();
  services.stores.events.merge(
    ["2026-08-01T10:00:00Z", "2026-08-03T10:00:00Z"].map((at) => makeEvent({ at, api: dollars(1) })),
  );
  const root = await page(services);
  assert.equal(text(root, "h1"), "No figures yet.");
  assert.deepEqual(
    root.querySelectorAll("#tile-imported tbody th").map((cell) => cell.text.trim()),
    ["Mon 3 Aug", "Sat 1 Aug"],
  );
});

Deno.test("a change of what Cursor sends names the endpoint and what is unknown by it", async () => {
  using services = testServices();
  services.stores.shapes.save({
    endpoint: "get-aggregated-usage-events",
    recognizer: "aggregated_usage_events",
    fingerprint: {},
    seenAt: services.clock.now(),
    drift: { lost: [], retyped: [], lostFigures: ["API cost"] },
    driftedAt: services.clock.now(),
  });
  fillTwoCycles(services);
  const notice = text(await page(services), ".banner") ?? "";
  assert.match(notice, /get-aggregated-usage-events no longer tells API cost: .* unknown, not zero/);
});

Deno.test("old figures say since when, and what to do", async () => {
  using services = testServices();
  fillTwoCycles(services);
  assert.equal(text(await page(services), ".banner"), undefined);
  services.clock.at = services.clock.at.add({ hours: 5 });
  assert.match(text(await page(services), ".banner") ?? "", /last checked on 11 Nov 2026, 00:00 UTC.*tracker scrape/);
});

Deno.test("models of unknown or no cost say why, and a chart of one model is a sentence", async () => {
  using services = testServices();
  store(services.stores, snapshot("2026-11-10T00:00:00Z", [row("opus", 2), row("hidden", null), row("free", 0)]));
  const root = await page(services);
  const reasons = root.querySelectorAll("#tile-spend_by_model .reason").map((each) => each.text.trim());
  assert.match(reasons[0] ?? "", /tokens of hidden, but no cost/);
  assert.match(reasons[1] ?? "", /\$0\.00 is what Cursor says of free/);
  assert.equal(root.querySelector("#tile-spend_by_model [data-chart]"), null);
  assert.equal(text(root, "#tile-cache_efficiency .sentence"), "There was no input in these days.");
  assert.equal(text(root, "#tile-cycle_history .sentence"), "This is the first cycle that is known.");
});

Deno.test("a model has the same colour on the usage page and on the billing page", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const colors = modelColors(services.services);
  const dots = (await page(services)).querySelectorAll("#tile-spend_by_model th .dot").map((dot) => dot.classNames);
  assert.deepEqual(dots, [`dot series-${colors.get("opus")}`, `dot series-${colors.get("auto")}`]);
  const month = new MonthAggregator(Temporal.PlainYearMonth.from("2026-10"));
  month.add(rawEvent({ model: "auto" }));
  const fetchedAt = services.clock.now();
  services.stores.rollups.replace({ month: "2026-10", fileId: "x", fetchedAt, isComplete: true }, month.result());
  const billing = await page(services, "/billing");
  assert.equal(billing.querySelector("#models th .dot")?.classNames, `dot series-${colors.get("auto")}`);
});
