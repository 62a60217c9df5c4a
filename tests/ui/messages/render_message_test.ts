import type { Message } from "../../../domain/alerts/notification.ts";
import { renderMessage } from "../../../ui/messages/render.ts";
import { MESSAGES } from "./messages.ts";
import { parse } from "node-html-parser";
import assert from "node:assert/strict";

Deno.test("the plain text of an alert, whole", () => {
  assert.equal(
    renderMessage(MESSAGES.cleared).text,
    `The cycle is projected to end at $18.60, under your $20.00 again.
=================================================================

The last three days were under the usual day of $0.95.

From 18 Nov 2026, 07:00 UTC to 21 Nov 2026, 19:00 UTC

  Spent so far  $11.42
  Budget        $20.00
  Projected     $27.80

Spend by day (Highest: $1.86 on 21 Nov · ░: estimated)
  10 Nov  $0.40  █████████
  11 Nov  $0.90  ███████████████████
  12 Nov  $1.10  ████████████████████████
  13 Nov  $0.20  ░░░░
  14 Nov  $0.10  ░░
  15 Nov  $1.00  ██████████████████████
  16 Nov  $0.80  █████████████████
  17 Nov  $1.20  ██████████████████████████
  18 Nov  $0.70  ███████████████
  19 Nov  $1.50  ████████████████████████████████
  20 Nov  $1.66  ████████████████████████████████████
  21 Nov  $1.86  ████████████████████████████████████████

Dashboard: http://tracker.lan:8787/

-- 
From your tracker · 21 Nov 2026, 19:15 UTC
`,
  );
});

Deno.test("no line of a text is wider than 72 columns, but one that cannot be broken", () => {
  const long = { ...MESSAGES.digest, subject: "several words ".repeat(20) };
  for (const message of [...Object.values(MESSAGES), long]) {
    for (const line of renderMessage(message).text.split("\n")) assert.ok(line.length <= 72, line);
  }
});

Deno.test("every figure, headline, reason and link of a message stands in all of its forms", () => {
  const { text, html, chat } = renderMessage(MESSAGES.digest);
  const unwrapped = text.replace(/\s+/g, " ");
  const shown = parse(html).textContent.replace(/\s+/g, " ");
  const { news, figures, dashboardUrl } = MESSAGES.digest;
  for (
    const expected of [
      ...news.flatMap(({ headline, reason }) => [headline, reason]),
      ...figures.map(({ value }) => value),
    ]
  ) {
    assert.ok(unwrapped.includes(expected), `text: ${expected}`);
    assert.ok(shown.includes(expected.replaceAll("`", "")), `HTML: ${expected}`);
    assert.ok(chat.includes(expected), `chat: ${expected}`);
  }
  assert.ok(text.includes(dashboardUrl));
  assert.equal(parse(html).querySelector("a")?.getAttribute("href"), dashboardUrl);
  assert.ok(chat.endsWith(`<${dashboardUrl}|Open the dashboard>`));
});

Deno.test("the chart is in proportion, an estimated day is not like the others, and an unknown one is no zero", () => {
  const days = [
    { date: "2026-11-10", spendMicros: 2_000_000, isEstimated: false },
    { date: "2026-11-11", spendMicros: 1_000_000, isEstimated: true },
    { date: "2026-11-12", spendMicros: null, isEstimated: false },
    { date: "2026-11-13", spendMicros: 0, isEstimated: false },
    { date: "2026-11-14", spendMicros: 100, isEstimated: false },
  ];
  const { html, text, json } = renderMessage({ ...MESSAGES.opened, days });
  const cells = parse(html).querySelectorAll("td.bar, td.estimated");
  assert.deepEqual(cells.map((cell) => [cell.classNames, cell.getAttribute("height")]), [
    ["bar", "84"],
    ["estimated", "42"],
    ["bar", "2"],
  ]);
  assert.match(text, /\(Highest: \$2\.00 on 10 Nov · ░: estimated · –: unknown\)/);
  assert.match(text, /\n {2}12 Nov {8}–\n {2}13 Nov {4}\$0\.00\n/);
  assert.deepEqual(Object(json)["days"][2], {
    date: "2026-11-12",
    spend_micros: null,
    spend_cents: null,
    estimated: false,
  });
  assert.deepEqual(Object(json)["days"][1]["spend_cents"], 100);
});

Deno.test("the JSON of the generic webhook, whole", () => {
  const message: Message = { ...MESSAGES.cleared, days: MESSAGES.cleared.days.slice(0, 1), figures: [] };
  assert.deepEqual(renderMessage(message).json, {
    version: 1,
    id: "overrun.1@tracker",
    type: "alert.cleared",
    created_at: "2026-11-21T19:15:00Z",
    subject: "Cursor: the projection is back under the budget",
    alerts: [{
      kind: "projection_overrun",
      headline: "The cycle is projected to end at $18.60, under your $20.00 again.",
      reason: "The last three days were under the usual day of $0.95.",
      triggered_at: "2026-11-18T07:00:00Z",
      cleared_at: "2026-11-21T19:00:00Z",
    }],
    figures: [],
    days: [{ date: "2026-11-10", spend_micros: 400_000, spend_cents: 40, estimated: false }],
    dashboard_url: "http://tracker.lan:8787/",
  });
});

Deno.test("what comes from outside stays text: no element, no header, no direction, no odd link", () => {
  const evil = `<img src=x onerror=alert(1)>"'&\r\nBcc: eve@example.test\u202e`;
  const news = MESSAGES.digest.news.map((one) => ({ ...one, headline: evil, reason: evil }));
  for (const some of [news, news.slice(0, 1)]) {
    const rendered = renderMessage({
      ...MESSAGES.opened,
      subject: evil,
      news: some,
      figures: [{ label: evil, value: evil }],
      dashboardUrl: "javascript:alert(1)",
    });
    const page = parse(rendered.html);
    assert.equal(page.querySelectorAll("img, script, a").length, 0);
    assert.ok(page.textContent.includes("onerror=alert(1)"));
    assert.equal(rendered.subject, `<img src=x onerror=alert(1)>"'& Bcc: eve@example.test`);
    for (const form of [rendered.subject, rendered.text, rendered.html, rendered.chat]) {
      assert.doesNotMatch(form, /[\r\u202e]|javascript:/);
    }
    assert.ok(!rendered.chat.includes("<img"));
  }
});

Deno.test("times are of the zone that is asked for, and the same message is rendered the same each time", () => {
  assert.match(
    renderMessage(MESSAGES.opened, { timeZone: "Europe/Berlin" }).text,
    /Since 21 Nov 2026, 20:02 Europe\/Berlin/,
  );
  assert.deepEqual(renderMessage(MESSAGES.digest), renderMessage(MESSAGES.digest));
});

Deno.test("a message with nothing but its subject says what it is", () => {
  const { text, html } = renderMessage(MESSAGES.test);
  assert.match(text, /^Cursor tracker: test message\n=+\n\nThis is a test\. Alerts reach you here/);
  assert.equal(parse(html).querySelectorAll("a, h2").length, 0);
  assert.match(renderMessage({ ...MESSAGES.test, subject: " \r\n" }).subject, /^tracker$/);
});

Deno.test("a mail stays far below the 102 KB at which Gmail cuts it off", () => {
  const days = Array.from({ length: 31 }, (_, index) => ({
    date: `2026-10-${String(index + 1).padStart(2, "0")}`,
    spendMicros: index * 100_000,
    isEstimated: index % 2 === 0,
  }));
  assert.ok(renderMessage({ ...MESSAGES.digest, days }).html.length < 40_000);
});
