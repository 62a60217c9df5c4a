import { AdminClient } from "../adapters/admin_api/client.ts";
import { MonthFolder } from "../adapters/month_files/folder.ts";
import { PageFolder } from "../adapters/month_files/pages.ts";
import { openDatabase } from "../adapters/sqlite/open.ts";
import { SqliteRunStore } from "../adapters/sqlite/runs.ts";
import { sqliteStores } from "../adapters/sqlite/stores.ts";
import { sleep } from "../adapters/system/timer.ts";
import type { Log } from "../domain/log.ts";
import { sumMicros } from "../domain/money.ts";
import { billingFetch } from "../jobs/billing_fetch.ts";
import { createEngine } from "../jobs/engine/engine.ts";
import { answer, KEY, NOW, peakMemoryMib } from "./billing_data.ts";
import { cpuMs } from "./statistics.ts";

/** January, February and March: the other two have no events. */
const MONTHS_BACK = 3;
const clock = { now: () => NOW };
const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

// `deno run bench/billing_fetch_child.ts URL DIR PAGE_SIZE`: one fetch by the product's own job, engine, files and store.
if (import.meta.main) {
  const [baseUrl = "", dir = "", pageSize = ""] = Deno.args;
  using db = openDatabase(dir, { clock });
  const pages = new PageFolder(`${dir}/monthly_usage_data`);
  const job = billingFetch({
    api: new AdminClient({ baseUrl, apiKey: KEY, clock, log, requestDelayMs: 0 }),
    months: new MonthFolder(`${dir}/monthly_usage_data`, { pages, log }),
    pages,
    clock,
    progress: { fetching: silent },
    monthsBack: MONTHS_BACK,
    pageSize: Number(pageSize),
    rollups: (tx: ReturnType<typeof sqliteStores>) => tx.rollups,
  });
  const store = new SqliteRunStore(db, sqliteStores);
  const engine = createEngine({
    jobs: [job],
    store,
    liveness: { self: "bench", isAlive: () => true },
    clock,
    sleep,
    log,
  });
  const [startedAt, cpuBefore] = [performance.now(), cpuMs()];
  const { status, failure } = await engine.start(job.name, "bench", null);
  const [ms, cpu] = [performance.now() - startedAt, cpuMs() - cpuBefore];
  if (status !== "succeeded") throw new Error(`Cannot measure as the fetch ${status}: ${failure?.message}`);
  const rows = sqliteStores(db).rollups.rows();
  const requests = rows.reduce((sum, row) => sum + row.requests, 0);
  const billed = sumMicros(rows.map(({ micros }) => micros)) ?? NaN;
  answer({ ms, cpu_ms: cpu, requests, micros: billed, peak_mib: peakMemoryMib() });
}
