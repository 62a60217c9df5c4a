import { openDatabase } from "../adapters/sqlite/open.ts";
import { sqliteStores } from "../adapters/sqlite/stores.ts";
import { transaction } from "../adapters/sqlite/transaction.ts";
import { MonthAggregator } from "../domain/billing/rollup.ts";
import type { Stores } from "../domain/stores.ts";
import { billingSummaryJson, modelsJson, monthsJson, usersJson } from "../ui/api/billing.ts";
import { reportHtml } from "../ui/billing/report.tsx";
import { readBilling } from "../ui/billing/view.ts";
import type { BenchContext, BenchResult } from "./benchmark.ts";
import { MONTH, monthEvents, NOW } from "./billing_data.ts";
import { median, timed } from "./statistics.ts";

const MONTHS = 100;
const EVENTS_PER_MONTH = 1_000;
const ROUNDS = 15;
const WARM_UP_ROUNDS = 3;
const GOAL_MS = 50;

/** A report over a hundred months of a team of ten, and of fifty in the details, from the rollups in SQLite to the whole HTML file's text. */
export async function benchBillingReport({ dir }: BenchContext): Promise<BenchResult> {
  const small = await reportTimes(`${dir}/billing-report-10`, { users: 10 });
  const large = await reportTimes(`${dir}/billing-report-50`, { users: 50 });
  return {
    name: "billing report",
    value: small.htmlMs,
    goal: GOAL_MS,
    unit: "ms",
    note: `${MONTHS} months of ten users and four models, from the rollups to the HTML file's text`,
    details: {
      html_ms: small.htmlMs,
      json_ms: small.jsonMs,
      rows: small.rows,
      html_ms_of_50_users: large.htmlMs,
      json_ms_of_50_users: large.jsonMs,
      rows_of_50_users: large.rows,
      rounds: ROUNDS,
    },
  };
}

async function reportTimes(dataDir: string, { users }: { users: number }) {
  const clock = { now: () => NOW };
  using db = openDatabase(dataDir, { clock });
  const stores = sqliteStores(db);
  transaction(db, () => fill(stores, users));
  const htmlMs: number[] = [];
  const jsonMs: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const html = await timed(() => {
      const data = readBilling({ stores, clock });
      return Promise.resolve(reportHtml(data, { now: NOW, timeZone: "UTC", topUsers: 20 }));
    });
    const json = await timed(() => {
      const data = readBilling({ stores, clock });
      return Promise.resolve(
        JSON.stringify([billingSummaryJson(data), monthsJson(data), usersJson(data), modelsJson(data)]),
      );
    });
    if (round < WARM_UP_ROUNDS) continue;
    htmlMs.push(html);
    jsonMs.push(json);
  }
  return { htmlMs: median(htmlMs), jsonMs: median(jsonMs), rows: stores.rollups.rows().length };
}

function fill({ rollups }: Pick<Stores, "rollups">, users: number): void {
  const events = monthEvents(EVENTS_PER_MONTH, { users });
  for (let months = 0; months < MONTHS; months++) {
    const month = MONTH.subtract({ months });
    const aggregator = new MonthAggregator(month);
    for (const { raw } of events) aggregator.add(raw);
    rollups.replace({ month: month.toString(), fileId: "1", fetchedAt: NOW, isComplete: true }, aggregator.result());
  }
}
