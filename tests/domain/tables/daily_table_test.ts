import { NO_FIGURES } from "../../../domain/history/figures.ts";
import { micros } from "../../../domain/money.ts";
import { DAILY_EXPORT_COLUMNS } from "../../../domain/tables/daily.ts";
import { csvCell, tableOf } from "../../../domain/tables/table.ts";
import assert from "node:assert/strict";

Deno.test("a day has its tokens, both costs, and whether it is estimated; an unknown cost is an empty cell", () => {
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
  const { columns, rows } = tableOf(DAILY_EXPORT_COLUMNS, days);
  const lines = Array.from(rows, (row) => row.map((cell, at) => csvCell(columns[at]?.type ?? "text", cell)).join(","));
  assert.deepEqual(lines, [
    "2026-11-20,0,0,0,0,0,0.000000,0.000000,false",
    "2026-11-21,1,2,30,4,37,1.234567,,true",
  ]);
});
