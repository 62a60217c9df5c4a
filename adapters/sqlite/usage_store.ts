import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { z } from "zod";
import { type Snapshot, type UsageStore } from "../../domain/stores.ts";
import { COST_BASES, type Pool, SOURCES, type UsageRow } from "../../domain/usage.ts";
import { dateColumn, instantColumn, microsColumn, textOrNull } from "./columns.ts";
import { textOfInstant } from "./instants.ts";

const snapshotRow = z.object({
  id: z.number(),
  captured_at: instantColumn,
  last_checked_at: instantColumn,
  billing_period_start: dateColumn.nullable(),
  billing_period_end: dateColumn.nullable(),
  cycle_start_at: instantColumn.nullable(),
  cycle_end_at: instantColumn.nullable(),
  table_hash: z.string(),
  rows_count: z.number(),
  source: z.enum(SOURCES),
  membership: z.string().nullable(),
}).transform((row): Snapshot => ({
  id: row.id,
  capturedAt: row.captured_at,
  lastCheckedAt: row.last_checked_at,
  cycle: {
    start: row.billing_period_start,
    end: row.billing_period_end,
    startAt: row.cycle_start_at,
    endAt: row.cycle_end_at,
  },
  tableHash: row.table_hash,
  rowsCount: row.rows_count,
  source: row.source,
  membership: row.membership,
}));

const usageRow = z.object({
  model: z.string(),
  input_with_cache_write_tokens: z.number(),
  input_without_cache_write_tokens: z.number(),
  cache_read_tokens: z.number(),
  output_tokens: z.number(),
  total_tokens: z.number(),
  api_cost_micros: microsColumn.nullable(),
  cost_to_you_micros: microsColumn.nullable(),
  cost_basis: z.enum(COST_BASES),
}).transform((row): UsageRow => ({
  model: row.model,
  tokens: {
    inputWithCacheWrite: row.input_with_cache_write_tokens,
    inputWithoutCacheWrite: row.input_without_cache_write_tokens,
    cacheRead: row.cache_read_tokens,
    output: row.output_tokens,
    total: row.total_tokens,
  },
  apiCost: row.api_cost_micros,
  costToYou: row.cost_to_you_micros,
  costBasis: row.cost_basis,
}));

const poolRow = z.object({
  name: z.string(),
  percent_used: z.number().nullable(),
  used_micros: microsColumn.nullable(),
  limit_micros: microsColumn.nullable(),
}).transform((row): Pool => ({
  name: row.name,
  percentUsed: row.percent_used,
  used: row.used_micros,
  limit: row.limit_micros,
}));

const NEWEST = "superseded_by IS NULL ORDER BY captured_at DESC, id DESC LIMIT 1";

/** Snapshots in SQLite. */
export class SqliteUsageStore implements UsageStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  latest(): Snapshot | null {
    return this.#one(`SELECT * FROM snapshots WHERE ${NEWEST}`);
  }

  latestAt(at: Temporal.Instant): Snapshot | null {
    return this.#one(`SELECT * FROM snapshots WHERE captured_at <= ? AND ${NEWEST}`, textOfInstant(at));
  }

  rows(snapshotId: number): UsageRow[] {
    return this.#db.prepare("SELECT * FROM usage_events WHERE snapshot_id = ? ORDER BY id").all(snapshotId)
      .map((row) => usageRow.parse(row));
  }

  pools(snapshotId: number): Pool[] {
    const sql = "SELECT * FROM pools WHERE snapshot_id = ?1 AND captured_at = " +
      "(SELECT max(captured_at) FROM pools WHERE snapshot_id = ?1) ORDER BY position";
    return this.#db.prepare(sql).all(snapshotId).map((row) => poolRow.parse(row));
  }

  insert({ usage, tableHash, capturedAt, captureId, payload }: Parameters<UsageStore["insert"]>[0]): Snapshot {
    const { cycle } = usage;
    const at = textOfInstant(capturedAt);
    const inserted = this.#db.prepare(
      "INSERT INTO snapshots (captured_at, last_checked_at, billing_period_start, billing_period_end, cycle_start_at, " +
        "cycle_end_at, table_hash, rows_count, source, membership) VALUES (?1, ?1, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
    ).get(
      at,
      cycle.start?.toString() ?? null,
      cycle.end?.toString() ?? null,
      textOrNull(cycle.startAt),
      textOrNull(cycle.endAt),
      tableHash,
      usage.rows.length,
      usage.source,
      usage.membership,
    );
    const snapshot = snapshotRow.parse(inserted);
    const blobId = captureId === null || payload === null ? null : this.#blobId(captureId, payload);
    this.#insertRows(snapshot, usage.rows, blobId);
    this.#insertPools(snapshot.id, at, usage.pools);
    return snapshot;
  }

  check(snapshotId: number, at: Temporal.Instant, pools: readonly Pool[]): void {
    const time = textOfInstant(at);
    this.#db.prepare("UPDATE snapshots SET last_checked_at = max(last_checked_at, ?) WHERE id = ?")
      .run(time, snapshotId);
    if (pools.length > 0 && JSON.stringify(pools) !== JSON.stringify(this.pools(snapshotId))) {
      this.#insertPools(snapshotId, time, pools);
    }
  }

  #insertRows(snapshot: Snapshot, rows: readonly UsageRow[], blobId: number | null): void {
    const insert = this.#db.prepare(
      "INSERT INTO usage_events (snapshot_id, captured_at, model, input_with_cache_write_tokens, " +
        "input_without_cache_write_tokens, cache_read_tokens, output_tokens, total_tokens, api_cost_micros, " +
        "cost_to_you_micros, cost_basis, billing_period_start, billing_period_end, source, raw_blob_id) " +
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    const { id, cycle, source } = snapshot;
    const at = textOfInstant(snapshot.capturedAt);
    const start = cycle.start?.toString() ?? null;
    const end = cycle.end?.toString() ?? null;
    for (const { model, tokens, apiCost, costToYou, costBasis } of rows) {
      const { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total } = tokens;
      const counts = [inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total];
      insert.run(id, at, model, ...counts, apiCost, costToYou, costBasis, start, end, source, blobId);
    }
  }

  #insertPools(snapshotId: number, at: string, pools: readonly Pool[]): void {
    // Two readings of one moment would come back as one longer list.
    this.#db.prepare("DELETE FROM pools WHERE snapshot_id = ? AND captured_at = ?").run(snapshotId, at);
    const insert = this.#db.prepare(
      "INSERT INTO pools (snapshot_id, captured_at, position, name, percent_used, used_micros, limit_micros) " +
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    pools.forEach(({ name, percentUsed, used, limit }, position) => {
      insert.run(snapshotId, at, position, name, percentUsed, used, limit);
    });
  }

  #blobId(captureId: number, payload: number): number | null {
    const sql = "SELECT id FROM raw_blobs WHERE capture_id = ? ORDER BY id LIMIT 1 OFFSET ?";
    const row = this.#db.prepare(sql).get(captureId, payload);
    return row === undefined ? null : z.object({ id: z.number() }).parse(row).id;
  }

  #one(sql: string, ...values: SQLInputValue[]): Snapshot | null {
    const row = this.#db.prepare(sql).get(...values);
    return row === undefined ? null : snapshotRow.parse(row);
  }
}
