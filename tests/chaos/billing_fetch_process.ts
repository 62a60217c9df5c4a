import { AdminClient } from "../../adapters/admin_api/client.ts";
import { MonthFolder } from "../../adapters/month_files/folder.ts";
import { PageFolder } from "../../adapters/month_files/pages.ts";
import { openDatabase } from "../../adapters/sqlite/open.ts";
import { SqliteRunStore } from "../../adapters/sqlite/runs.ts";
import { sqliteStores } from "../../adapters/sqlite/stores.ts";
import { openProcessLiveness } from "../../adapters/system/process_liveness.ts";
import { sleep } from "../../adapters/system/timer.ts";
import type { Log } from "../../domain/log.ts";
import type { Stores } from "../../domain/stores.ts";
import { billingFetch } from "../../jobs/billing_fetch.ts";
import { createEngine } from "../../jobs/engine/engine.ts";
import { ADMIN_KEY, FETCHED_AT, MONTHS, PAGE_SIZE } from "./billing_month_pages.ts";
import { join } from "node:path";

/**
 * A process for the chaos test: `URL DATA_DIR`. Goes on with the fetch that a killed predecessor left, or starts it, and
 * says in one line that it begins and in another how the run ended.
 */

const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };
const clock = { now: () => FETCHED_AT };
const [baseUrl = "", dataDir = ""] = Deno.args;
using liveness = openProcessLiveness(dataDir);
using db = openDatabase(dataDir, { clock });
const folder = join(dataDir, "monthly_usage_data");
const pages = new PageFolder(folder);
const job = billingFetch<Stores>({
  api: new AdminClient({ baseUrl, apiKey: ADMIN_KEY, clock, log, requestDelayMs: 0 }),
  months: new MonthFolder(folder, { pages, log }),
  pages,
  clock,
  progress: { fetching: silent },
  monthsBack: MONTHS.length,
  pageSize: PAGE_SIZE,
  rollups: (tx) => tx.rollups,
});
const store = new SqliteRunStore<Stores>(db, sqliteStores);
// So many kills can hit one step by chance; that is not the crash loop that the engine's limit is for.
const maxInterruptions = 1_000;
const engine = createEngine({ jobs: [job], store, liveness, clock, sleep, log, maxInterruptions });
const say = (line: string) => Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
await say("begins");
await engine.resume();
const run = await engine.start(job.name, "chaos", null);
await say(run.status);
