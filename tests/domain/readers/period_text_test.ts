import { domTable } from "../../../domain/readers/dom_table.ts";
import assert from "node:assert/strict";

const TABLE = { headings: ["MODEL", "CACHE WRITE", "INPUT", "CACHE READ", "OUTPUT"], rows: [] };

/** "2026-11-10 2026-12-10" for the billing period of a page with this text, read on a day at noon UTC; null without one. */
function read(text: string, day = "2026-11-21"): string | null {
  const capturedAt = Temporal.Instant.from(`${day}T12:00:00Z`);
  const cycle = domTable.recognize({ kind: "html", page: { tables: [TABLE], text } }, { capturedAt })?.cycle;
  return cycle === undefined ? null : `${cycle.start} ${cycle.end}`;
}

const NOVEMBER_TENTH = "2026-11-10 2026-12-10";

Deno.test("the page's text may write the same period in every way", () => {
  const texts = [
    "Billing period: Nov 10, 2026 – Dec 10, 2026",
    "Billing period Nov 10 – Dec 10, 2026",
    "Billing cycle: Nov 10 - Dec 10",
    "Current period: November 10th, 2026 to December 10th, 2026",
    "Usage period: 10 Nov 2026 – 10 Dec 2026",
    "current cycle 10 November — 10 December 2026",
    "Billing period: 2026-11-10 – 2026-12-10",
    "Billing period: 2026-11-10 to 2026-12-10",
    "Billing period: 11/10/2026 - 12/10/2026",
    "Billing Period\n  Nov 10 → Dec 10, 2026",
    "Billing period: Nov. 10 until Dec. 10, 2026",
  ];
  for (const text of texts) assert.equal(read(text), NOVEMBER_TENTH, text);
});

Deno.test("a written last day is the day before the end", () => {
  assert.equal(read("Billing period: Nov 1 – Nov 30, 2026"), "2026-11-01 2026-12-01");
  assert.equal(read("Billing period: Nov 1 – 30, 2026"), "2026-11-01 2026-12-01");
  assert.equal(read("Billing period: Feb 1 - Feb 28", "2026-02-14"), "2026-02-01 2026-03-01");
  assert.equal(read("Billing period: Feb 1 - Feb 29", "2028-02-14"), "2028-02-01 2028-03-01");
});

Deno.test("years that are left out are those that the capture lies in", () => {
  assert.equal(read("Billing period: Dec 10 – Jan 10", "2026-12-15"), "2026-12-10 2027-01-10");
  assert.equal(read("Billing period: Dec 10 – Jan 10", "2027-01-05"), "2026-12-10 2027-01-10");
  assert.equal(read("Billing period: Dec 10 – Jan 10, 2027", "2026-12-15"), "2026-12-10 2027-01-10");
  assert.equal(read("Billing period: Dec 10, 2026 – Jan 10", "2027-01-05"), "2026-12-10 2027-01-10");
  assert.equal(read("Billing period: 10 Dec – 10 Jan", "2027-01-05"), "2026-12-10 2027-01-10");
});

Deno.test("the period near its label is taken before other dates of the page", () => {
  const text = "Invoice Jan 1 – Jan 31, 2025\nBilling period: Nov 10 – Dec 10, 2026\nTerms of Mar 2 – Mar 9, 2024";
  assert.equal(read(text), NOVEMBER_TENTH);
});

Deno.test("a period without a label is read where it is the only one", () => {
  assert.equal(read("Usage\nNov 10 – Dec 10, 2026\nclaude 1,024"), NOVEMBER_TENTH);
});

Deno.test("a page that names no period has none", () => {
  for (
    const text of [
      "",
      "Billing period: this month",
      "Your plan renews on Dec 10, 2026",
      "Billing period: Feb 30 – Feb 31, 2026",
      "Billing period: 2026-13-10 – 2026-14-10",
      "Billing period: Dec 10, 2026 – Nov 10, 2026",
    ]
  ) assert.equal(read(text), null, text);
});
