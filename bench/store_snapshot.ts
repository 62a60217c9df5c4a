import { pageReader } from "../adapters/browser/page_reader.ts";
import { databasePath, openDatabase } from "../adapters/sqlite/open.ts";
import { sqliteStores } from "../adapters/sqlite/stores.ts";
import { transaction } from "../adapters/sqlite/transaction.ts";
import { systemClock } from "../adapters/system/clock.ts";
import type { Capture } from "../domain/capture/capture.ts";
import { tableHash } from "../domain/capture/table_hash.ts";
import type { UsageRow } from "../domain/capture/usage.ts";
import { readCapture } from "../domain/readers/read_capture.ts";
import { storeUsage } from "../jobs/scrape.ts";
import type { BenchContext, BenchResult } from "./benchmark.ts";
import { median, timed } from "./statistics.ts";
import { DatabaseSync } from "node:sqlite";

const ROWS = 50;
const ROUNDS = 200;
const WARM_UP_ROUNDS = 20;
const GOAL = 3;
const START = Temporal.Instant.from("2026-11-10T12:00:00Z");

/**
 * Storing a snapshot of 50 rows (read the raw JSON, normalize, hash, one transaction) against one bare transaction that
 * inserts the same 50 rows into the same table of another database with the same pragmas. The two take turns.
 */
export async function benchStoreSnapshot({ dir }: BenchContext): Promise<BenchResult> {
  using db = openDatabase(`${dir}/store`, { clock: systemClock });
  using bareDb = openBare(`${dir}/store-bare`);
  const stores = sqliteStores(db);
  const oursMs: number[] = [];
  const bareMs: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const capture = captureOf(round);
    let rows: readonly UsageRow[] = [];
    const ours = await timed(async () => {
      const { usage, payload } = readCapture(capture, pageReader);
      if (usage?.rows.length !== ROWS) throw new Error(`Cannot measure as the payload must hold ${ROWS} rows`);
      rows = usage.rows;
      const table = { usage, payload, captureId: null, capturedAt: capture.capturedAt, hash: await tableHash(usage) };
      transaction(db, () => storeUsage(stores, table));
    });
    const bare = await timed(() => Promise.resolve(insertBare(bareDb, rows)));
    if (round < WARM_UP_ROUNDS) continue;
    oursMs.push(ours);
    bareMs.push(bare);
  }
  return {
    name: "store a snapshot",
    value: median(oursMs) / median(bareMs),
    goal: GOAL,
    unit: "× a bare transaction",
    note: `${ROWS} rows: normalize, hash and one transaction, against one bare transaction that inserts the same rows`,
    details: {
      store_ms: median(oursMs),
      bare_ms: median(bareMs),
      rows_per_second: ROWS * 1_000 / median(oursMs),
      rounds: ROUNDS,
    },
  };
}

/** A later table in each round: no two are equal, so that each is stored. */
function captureOf(round: number): Capture {
  const aggregations = Array.from({ length: ROWS }, (_, model) => ({
    modelIntent: `model-${model}`,
    inputTokens: `${1_000 * model + round}`,
    outputTokens: `${500 * model + round}`,
    cacheWriteTokens: `${200 * model}`,
    cacheReadTokens: `${90_000 * model + round}`,
    totalCents: model * 12.5 + round / 4,
  }));
  return {
    capturedAt: START.add({ minutes: round }),
    payloads: [{
      kind: "network_json",
      url: "https://cursor.com/api/dashboard/get-aggregated-usage-events",
      method: "POST",
      status: 200,
      requestBody: `{"teamId":0}`,
      contentType: "application/json",
      body: JSON.stringify({ aggregations }),
    }],
    evidence: {
      requestedUrl: "https://cursor.com/dashboard/usage",
      finalUrl: null,
      pageStatus: 200,
      title: null,
      hasLoginForm: false,
      isChallenged: false,
      apiCalls: [],
      problems: [],
      timedOut: false,
      hasCrashed: false,
      durationMs: 0,
    },
  };
}

/** The product's own tables, with one snapshot that all rows belong to. */
function openBare(dataDir: string): DatabaseSync {
  openDatabase(dataDir, { clock: systemClock }).close();
  const db = new DatabaseSync(databasePath(dataDir));
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  db.exec(
    "INSERT INTO snapshots (id, captured_at, last_checked_at, table_hash, rows_count, source) " +
      `VALUES (1, '${START}', '${START}', '${"0".repeat(64)}', ${ROWS}, 'network_json')`,
  );
  return db;
}

function insertBare(db: DatabaseSync, rows: readonly UsageRow[]): void {
  db.exec("BEGIN IMMEDIATE");
  const insert = db.prepare(
    "INSERT INTO usage_events (snapshot_id, captured_at, model, input_with_cache_write_tokens, " +
      "input_without_cache_write_tokens, cache_read_tokens, output_tokens, total_tokens, api_cost_micros, " +
      "cost_to_you_micros, cost_basis, source) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'network_json')",
  );
  for (const { model, tokens, apiCost, costToYou, costBasis } of rows) {
    const { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total } = tokens;
    const counts = [inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total];
    insert.run(START.toString(), model, ...counts, apiCost, costToYou, costBasis);
  }
  db.exec("COMMIT");
}
