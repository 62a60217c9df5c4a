import { reportHtml } from "../../../ui/billing/report.tsx";
import { readBilling } from "../../../ui/billing/view.ts";
import { STYLE } from "../../../ui/web/style.ts";
import { handWorkedMonth, rawEvent } from "../../domain/billing/raw_events.ts";
import { billingServices, type GivenMonth } from "../billing_services.ts";
import assert from "node:assert/strict";

const EVIL = `</script><script>alert("x")</script>@example.com`;

function report(months: readonly GivenMonth[], { topUsers = 20 } = {}): string {
  using services = billingServices(months);
  return reportHtml(readBilling(services), { now: services.clock.now(), timeZone: "UTC", topUsers });
}

/** The text of the rows of the table with this label. */
function tableOf(html: string, label: string): string[] {
  const table = html.split(`aria-label="${label}"`)[1]?.split("</table>")[0] ?? "";
  const text = (part: string) => part.replaceAll(/<title>[^<]*<\/title>/g, "").replaceAll(/<[^>]+>/g, " ");
  return table.split("<tr>").slice(2).map((row) => text(row).replaceAll(/\s+/g, " ").trim());
}

const MONTHS: GivenMonth[] = [
  { month: "2026-01", events: handWorkedMonth() },
  { month: "2026-02", events: [rawEvent(), rawEvent()] },
  { month: "2026-03", events: [rawEvent({ userEmail: "ben@example.com" })], isComplete: false },
];

Deno.test("the report begins with the answer as a sentence", () => {
  const headline =
    "$1.44 was billed on demand in 3 months. February 2026 came to $0.43, 46\u00a0% less than the month before.";
  assert.ok(report(MONTHS).includes(`<h1>${headline}</h1>`));
});

Deno.test("the report's tables hold what was worked out by hand", () => {
  const html = report(MONTHS);
  assert.deepEqual(tableOf(html, "Monthly billing trend"), [
    "March 2026 open $0.22 −$0.22 −50 % 1",
    "February 2026 $0.43 −$0.36 −46 % 2",
    "January 2026 $0.79 – – 4",
  ]);
  assert.deepEqual(tableOf(html, "Top cost users"), [
    "ada@example.com $1.02 71 % aurora-4 4 $0.26 −27 %",
    "ben@example.com $0.30 21 % aurora-4 2 $0.15 −100 %",
    "(no e-mail) $0.12 9 % aurora-4 1 $0.12 −100 %",
  ]);
  assert.deepEqual(tableOf(html, "Top cost models"), [
    "aurora-4 $1.06 74 % 6 17.3 K $0.18 3 +3.0 %",
    "comet-pro $0.38 26 % 1 5 $0.38 1 −100 %",
  ]);
  assert.deepEqual(tableOf(html, "Users of comet-pro"), ["ada@example.com $0.38 1 25 %"]);
  assert.deepEqual(tableOf(html, "Models in January 2026"), [
    "aurora-4 4.3 K 3 $0.42",
    "comet-pro 5 1 $0.38",
    "Total 4.3 K 4 $0.79",
  ]);
  assert.deepEqual(tableOf(html, "Users in January 2026"), [
    "ada@example.com $0.59 2 comet-pro",
    "(no e-mail) $0.12 1 aurora-4",
    "ben@example.com $0.08 1 aurora-4",
  ]);
  assert.deepEqual(tableOf(html, "What was left out"), [
    "errored, not charged 1 $4.11",
    "included in the plan 1 $0.08",
    "of a kind that is not known 1 $0.03",
  ]);
});

Deno.test("the report's tables of users are as long as the settings say", () => {
  const html = report(MONTHS, { topUsers: 1 });
  assert.equal(tableOf(html, "Top cost users").length, 1);
  assert.equal(tableOf(html, "Users in January 2026").length, 1);
  assert.ok(html.includes("2 more spent less"));
});

Deno.test("the report loads nothing, and forbids itself to", () => {
  const html = report(MONTHS);
  const markup = html.replaceAll(/<script[^>]*>[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>/g, "");
  assert.doesNotMatch(markup, /https?:|url\(|@import/);
  assert.doesNotMatch(html, /<script[^>]+src=|<link[^>]+stylesheet|<iframe|<img/);
  assert.match(markup, /Content-Security-Policy" content="default-src &#39;none&#39;; /);
});

Deno.test("no user's and no model's name can end a script or begin a tag in the report", () => {
  const html = report([{ month: "2026-01", events: [rawEvent({ userEmail: EVIL, model: EVIL })] }]);
  assert.ok(!html.includes(`alert("x")`));
  const data = html.split(`id="billing-charts">`)[1]?.split("</script>")[0] ?? "";
  assert.equal(JSON.parse(data).models[0].name, EVIL);
});

Deno.test("a report without any month says so", () => {
  assert.ok(report([]).includes("<h1>No month has been fetched yet.</h1>"));
});

Deno.test("the report carries the pages' whole style, tokens and cards included", () => {
  assert.ok(report(MONTHS).includes(STYLE));
  for (const rule of ["--accent:", ".cards", ".card {", ".badge"]) assert.ok(STYLE.includes(rule), rule);
});
