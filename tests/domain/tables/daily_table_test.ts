import { NO_FIGURES } from "../../../domain/history/figures.ts";
import { micros } from "../../../domain/money.ts";
import { DAILY_EXPORT_COLUMNS } from "../../../domain/tables/daily.ts";
import { tableOf } from "../../../domain/tables/table.ts";
import { tableText } from "./table_text.ts";
import assert from "node:assert/strict";

Deno.test("a day has its tokens, both costs, and whether it is estimated; an unknown cost is an empty cell", async () => {
  const tokens = { inputWithCacheWrite: 1, inputWithoutCacheWrite: 2, cacheRead: 30, output: 4, total: 37 };
  const days = [
    { date: Temporal.PlainDate.from("2026-11-20"), ...NO_FIGURES, estimated: false },
    {
      date: Temporal.PlainDate.from("2026-11-21"),
      tokens,
      apiCost: micros(1_234_567),
      costToYou: null,
      estimated: true,
    },
  ];
  const [, ...lines] = (await tableText(tableOf(DAILY_EXPORT_COLUMNS, days), "csv")).trimEnd().split("\n");
  assert.deepEqual(lines, [
    "2026-11-20,0,0,0,0,0,0.000000,0.000000,false",
    "2026-11-21,1,2,30,4,37,1.234567,,true",
  ]);
});
