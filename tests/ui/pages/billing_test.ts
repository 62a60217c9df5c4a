import { createWebApp } from "../../../ui/web/app.ts";
import { handWorkedMonth, rawEvent } from "../../domain/billing/raw_events.ts";
import { billingServices, type GivenMonth } from "../billing_services.ts";
import assert from "node:assert/strict";

const EVIL = `"><script>alert(1)</script>@example.com`;
const MONTHS: GivenMonth[] = [
  { month: "2026-01", events: handWorkedMonth() },
  { month: "2026-02", events: [rawEvent(), rawEvent({ userEmail: EVIL, model: "</script><b>" })], isComplete: false },
];

async function get(path: string, months: readonly GivenMonth[] = MONTHS) {
  using services = billingServices(months);
  const response = await createWebApp(services).request(path);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

Deno.test("the billing page shows all sections of the report, and is marked in the navigation", async () => {
  const { status, headers, text } = await get("/billing");
  assert.equal(status, 200);
  assert.match(headers.get("content-type") ?? "", /^text\/html/);
  const titles = [...text.matchAll(/<h2 id="[^"]+">([^<]+)</g)].map((match) => match[1]);
  assert.deepEqual(titles, [
    "Monthly billing trend",
    "Top cost users",
    "Users × expensive models",
    "Top cost models",
    "Monthly model breakdown",
    "Monthly user breakdown",
    "What was left out",
  ]);
  assert.match(text, /<a href="\/billing" aria-current="page">Billing<\/a>/);
  assert.match(text, /fetched 3 h ago/);
});

Deno.test("the billing page leads down to a user, and back up", async () => {
  const all = await get("/billing?month=2026-01");
  assert.ok(all.text.includes(`<a href="/billing?month=2026-01&amp;user=ada%40example.com">ada@example.com</a>`));
  const { text } = await get("/billing?month=2026-01&user=ada%40example.com");
  // 21.5 + 37.5 cents.
  assert.ok(text.includes("$0.59 was billed on demand for ada@example.com in January 2026."));
  assert.ok(text.includes(`<a href="/billing?month=2026-01">all users</a>`));
  assert.ok(!text.includes("Top cost users"));
  assert.match(text, /<option value="ada@example.com" selected>/);
});

Deno.test("whatever users and models are called, nothing of it becomes part of the page", async () => {
  const { text } = await get("/billing");
  assert.ok(text.includes("&lt;script&gt;alert(1)&lt;/script&gt;@example.com"));
  assert.ok(!text.includes("<script>alert"));
  assert.ok(!text.includes("<b></b>") && !/<\/script><b>/.test(text));
});

Deno.test("a choice that is not there counts as none", async () => {
  const { status, text } = await get("/billing?user=nobody&month=&model=%3Cb%3E");
  assert.equal(status, 200);
  assert.ok(text.includes("was billed on demand in 2 months."));
});

Deno.test("without any month the billing page says how to get one", async () => {
  const { status, text } = await get("/billing", []);
  assert.equal(status, 200);
  assert.ok(text.includes("tracker billing fetch"));
});

Deno.test("the billing page's scripts are this site's own", async () => {
  const { text } = await get("/billing");
  const paths = [...text.matchAll(/<script[^>]* src="([^"]+)"/g)].map((match) => match[1] ?? "");
  assert.equal(paths.length, 4);
  for (const path of paths) {
    const { status, headers } = await get(path);
    assert.equal(status, 200);
    assert.equal(headers.get("content-type"), "text/javascript; charset=utf-8");
  }
});
