import type { PageContent, PageReader, PageTable } from "../../domain/capture/capture.ts";
import { type HTMLElement, parse } from "node-html-parser";

const TABLES = "table, [role=table], [role=grid]";
const ROWS = "tr, [role=row]";
const HEADINGS = "th, [role=columnheader]";
const CELLS = "td, th, [role=cell], [role=gridcell], [role=rowheader], [role=columnheader]";

/** Reads `<table>` and ARIA tables (`role="table"`, `"row"`, `"cell"`) out of HTML. */
export const pageReader: PageReader = {
  read(html: string): PageContent {
    const root = parse(html, { comment: false, blockTextElements: { script: false, style: false, noscript: false } });
    return { tables: root.querySelectorAll(TABLES).map(readTable), text: root.structuredText };
  },
};

function readTable(table: HTMLElement): PageTable {
  const rows = table.querySelectorAll(ROWS);
  const headingRow = rows.find((row) => row.querySelectorAll(HEADINGS).length > 1) ?? rows[0];
  const headings = headingRow === undefined ? [] : cellsOf(headingRow);
  const body = rows.filter((row) => row !== headingRow);
  return { headings, rows: body.map(cellsOf).filter((cells) => cells.length > 0) };
}

function cellsOf(row: HTMLElement): string[] {
  return row.querySelectorAll(CELLS).map((cell) => cell.text.replace(/[\s\u00a0]+/g, " ").trim());
}
