import { openDatabase } from "../adapters/sqlite/open.ts";
import { sqliteStores } from "../adapters/sqlite/stores.ts";
import { transaction } from "../adapters/sqlite/transaction.ts";
import { MonthAggregator } from "../domain/billing/aggregate.ts";
import type { Stores } from "../domain/stores.ts";
import { readBilling } from "../ui/billing/billing_data.ts";
import { modelsJson, monthsJson, summaryJson, usersJson } from "../ui/billing/billing_json.ts";
import { reportHtml } from "../ui/billing/report_html.tsx";
import type { BenchContext, BenchResult } from "./benchmark.ts";
import { MONTH, monthEvents, NOW } from "./billing_data.ts";
import { median, timed } from "./statistics.ts";

const MONTHS = 100;
const EVENTS_PER_MONTH = 1_000;
const ROUNDS = 15;
const WARM_UP_ROUNDS = 3;
const GOAL_MS = 50;

/** A report over a hundred months of a team of fifty, from the rollups in SQLite to the whole HTML file's text. */
export async function benchBillingReport({ dir }: BenchContext): Promise<BenchResult> {
  const clock = { now: () => NOW };
  using db = openDatabase(`${dir}/billing-report`, { clock });
  const stores = sqliteStores(db);
  transaction(db, () => fill(stores));
  const htmlMs: number[] = [];
  const jsonMs: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const html = await timed(() => {
      const data = readBilling({ stores, clock });
      return Promise.resolve(reportHtml(data, { now: NOW, timeZone: "UTC", topUsers: 20 }));
    });
    const json = await timed(() => {
      const data = readBilling({ stores, clock });
      return Promise.resolve(JSON.stringify([summaryJson(data), monthsJson(data), usersJson(data), modelsJson(data)]));
    });
    if (round < WARM_UP_ROUNDS) continue;
    htmlMs.push(html);
    jsonMs.push(json);
  }
  return {
    name: "billing report",
    value: median(htmlMs),
    goal: GOAL_MS,
    unit: "ms",
    note: `${MONTHS} months of fifty users and four models, from the rollups to the HTML file's text`,
    details: { html_ms: median(htmlMs), json_ms: median(jsonMs), rows: stores.rollups.rows().length, rounds: ROUNDS },
  };
}

function fill({ rollups }: Pick<Stores, "rollups">): void {
  const events = monthEvents(EVENTS_PER_MONTH);
  for (let months = 0; months < MONTHS; months++) {
    const month = MONTH.subtract({ months });
    const aggregator = new MonthAggregator(month);
    for (const { raw } of events) aggregator.add(raw);
    rollups.replace({ month: month.toString(), fileId: "1", fetchedAt: NOW, isComplete: true }, aggregator.result());
  }
}
