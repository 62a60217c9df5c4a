import { z } from "zod";
import type { Rollup, RollupRow } from "../../domain/billing/aggregate.ts";
import { micros } from "../../domain/money.ts";
import { LedgerJson } from "./month_header.ts";

/** What a page's events are rolled up to: the first line of its file. */
export type PageHead = Pick<Rollup, "rows" | "excluded">;

const count = z.number().int().nonnegative();
/** Month, user, model, micro-dollars, requests, and the tokens of the four types. */
const RowJson = z.tuple([z.string(), z.string(), z.string(), z.number().int(), count, count, count, count, count]);
const HeadJson = z.object({ excluded: LedgerJson, rows: z.array(RowJson) });

/** One line, without its end. */
export function headText({ excluded, rows }: PageHead): string {
  return JSON.stringify({ excluded, rows: rows.map(rowJson) });
}

/** @throws ZodError or SyntaxError where the text is no head. */
export function parseHead(text: string): PageHead {
  const { excluded, rows } = HeadJson.parse(JSON.parse(text));
  return { excluded, rows: rows.map(readRow) };
}

function rowJson({ month, user, model, micros, requests, tokens }: RollupRow): z.input<typeof RowJson> {
  const { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output } = tokens;
  return [month, user, model, micros, requests, inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output];
}

function readRow(row: z.output<typeof RowJson>): RollupRow {
  const [month, user, model, amount, requests, inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output] = row;
  const total = inputWithCacheWrite + inputWithoutCacheWrite + cacheRead + output;
  const tokens = { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total };
  return { month, user, model, micros: micros(amount), requests, tokens };
}
