import { z } from "zod";
import type { Rollup, RollupRow } from "../../domain/billing/aggregate.ts";
import { micros } from "../../domain/money.ts";
import { LedgerJson } from "./month_header.ts";

/** What a page's events are rolled up to: the first line of its file. */
export type PageHead = Pick<Rollup, "rows" | "excluded">;

/** Month, user, model, micro-dollars, requests, and the tokens of the four types. */
type RowJson = [string, string, string, number, number, number, number, number, number];

const TEXTS = 3;
const COLUMNS = 9;
/** One test for all rows: one for each cell took longer than rolling the page up. */
const RowsJson = z.custom<RowJson[]>((value) => Array.isArray(value) && value.every(isRow), "must be rows of a rollup");
const HeadJson = z.object({ excluded: LedgerJson, rows: RowsJson });

/** One line, without its end. */
export function headText({ excluded, rows }: PageHead): string {
  return JSON.stringify({ excluded, rows: rows.map(rowJson) });
}

/** @throws ZodError or SyntaxError where the text is no head. */
export function parseHead(text: string): PageHead {
  const { excluded, rows } = HeadJson.parse(JSON.parse(text));
  return { excluded, rows: rows.map(readRow) };
}

function rowJson({ month, user, model, micros, requests, tokens }: RollupRow): RowJson {
  const { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output } = tokens;
  return [month, user, model, micros, requests, inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output];
}

function readRow(row: RowJson): RollupRow {
  const [month, user, model, amount, requests, inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output] = row;
  const total = inputWithCacheWrite + inputWithoutCacheWrite + cacheRead + output;
  const tokens = { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total };
  return { month, user, model, micros: micros(amount), requests, tokens };
}

function isRow(row: unknown): row is RowJson {
  if (!Array.isArray(row) || row.length !== COLUMNS) return false;
  return row.every((cell, at) => at < TEXTS ? typeof cell === "string" : Number.isSafeInteger(cell));
}
