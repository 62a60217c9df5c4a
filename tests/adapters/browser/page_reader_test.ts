import { pageReader } from "../../../adapters/browser/page_reader.ts";
import { TABLE_HEADINGS } from "../../../fixtures/cursor_sim/table.ts";
import assert from "node:assert/strict";

/** The rows of fixtures/html/usage_table.html and of its twin made of div elements. */
const ROWS = [
  ["claude-opus-5-5-medium", "1,024", "48", "65,000", "412", "66,484", "$1,234.56", "$0.00"],
  ["gpt-5.6-luna-high", "0", "2,000", "536", "100", "2,636", "$0.23", "$0.00"],
  ["default", "10", "20", "30", "40", "100", "-", "-"],
];

function readFixture(name: string) {
  return pageReader.read(Deno.readTextFileSync(new URL(`../../../fixtures/html/${name}.html`, import.meta.url)));
}

for (const name of ["usage_table", "usage_aria_table"]) {
  Deno.test(`${name}.html is read as one table with its headings and rows, and the period's text`, () => {
    const { tables, text } = readFixture(name);
    assert.equal(tables.length, 1);
    assert.deepEqual(tables[0], { headings: [...TABLE_HEADINGS], rows: ROWS });
    assert.match(text, /Billing period: Nov 10, 2026 – Dec 10, 2026/);
  });
}

Deno.test("pages without a table have none", () => {
  for (const name of ["login", "challenge"]) assert.deepEqual(readFixture(name).tables, [], name);
});

Deno.test("a page whose layout changed keeps its text", () => {
  assert.ok(readFixture("changed_layout").text.trim().length > 0);
});

Deno.test("several tables are read in their order, each with its own rows", () => {
  const { tables } = pageReader.read(
    "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>" +
      "<div role=grid><div role=row><b role=columnheader>C</b><b role=columnheader>D</b></div>" +
      "<div role=row><b role=rowheader>3</b><b role=gridcell>4</b></div></div>",
  );
  assert.deepEqual(tables, [
    { headings: ["A", "B"], rows: [["1", "2"]] },
    { headings: ["C", "D"], rows: [["3", "4"]] },
  ]);
});

Deno.test("a caption row above the headings and row headings below them are no headings", () => {
  const { tables } = pageReader.read(
    "<table><tr><th>Usage</th></tr><tr><th>MODEL</th><th>OUTPUT</th></tr><tr><th scope=row>m</th><td>5</td></tr></table>",
  );
  assert.deepEqual(tables[0], { headings: ["MODEL", "OUTPUT"], rows: [["Usage"], ["m", "5"]] });
});

Deno.test("a table without heading cells has its first row for headings", () => {
  const { tables } = pageReader.read(
    "<table><tr><td>MODEL</td><td>OUTPUT</td></tr><tr><td>m</td><td>5</td></tr></table>",
  );
  assert.deepEqual(tables[0], { headings: ["MODEL", "OUTPUT"], rows: [["m", "5"]] });
});

Deno.test("cells are text: entities decoded, elements and white space gone", () => {
  const { tables } = pageReader.read(
    "<table><tr><th>MODEL</th><th>COST</th></tr>" +
      "<tr><td>\n  <span>a&amp;b</span>&nbsp;<i>c</i>\n</td><td>&#36;1,234.56</td></tr><tr></tr></table>",
  );
  assert.deepEqual(tables[0]?.rows, [["a&b c", "$1,234.56"]]);
});

Deno.test("scripts and comments are not part of a page's text", () => {
  const { text } = pageReader.read(
    "<p>shown</p><script>let hidden = 1;</script><!-- hidden --><style>.hidden{}</style>",
  );
  assert.match(text, /shown/);
  assert.doesNotMatch(text, /hidden/);
});

Deno.test("broken HTML is read as far as it goes", () => {
  const { tables } = pageReader.read("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr>");
  assert.deepEqual(tables, [{ headings: ["A", "B"], rows: [["1", "2"]] }]);
  assert.deepEqual(pageReader.read(""), { tables: [], text: "" });
});
