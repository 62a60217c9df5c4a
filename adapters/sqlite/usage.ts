import {
  COST_BASES,
  type Pool,
  type Snapshot,
  SOURCES,
  type UsageRow,
  type UsageStore,
} from "../../domain/capture/usage.ts";
import type { TimeRange } from "../../domain/clock.ts";
import { centsOf, dateColumn, instantColumn, microsColumn, textOfInstant, textOrNull } from "./columns.ts";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { z } from "zod";

/**
 * Captures, snapshots, rows, pools, budgets and alerts. Money in `_micros` is the truth, `_cents` are generated from it.
 * Times are ISO 8601 UTC text with a fixed number of digits, so that they sort as text.
 */
export const USAGE_SCHEMA = `
CREATE TABLE captures (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  captured_at TEXT NOT NULL,
  evidence TEXT NOT NULL
) STRICT;

CREATE TABLE raw_blobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  capture_id INTEGER NOT NULL REFERENCES captures(id) ON DELETE CASCADE,
  captured_at TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('network_json', 'html')),
  url TEXT,
  method TEXT NOT NULL,
  status INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  request_body TEXT,
  payload BLOB NOT NULL
) STRICT;
CREATE INDEX raw_blobs_capture ON raw_blobs(capture_id);

CREATE TABLE snapshots (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  captured_at TEXT NOT NULL,
  last_checked_at TEXT NOT NULL,
  billing_period_start TEXT,
  billing_period_end TEXT,
  cycle_start_at TEXT,
  cycle_end_at TEXT,
  table_hash TEXT NOT NULL CHECK (length(table_hash) = 64),
  rows_count INTEGER NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('network_json', 'dom_table')),
  membership TEXT,
  superseded_by INTEGER REFERENCES snapshots(id) ON DELETE SET NULL
) STRICT;
CREATE INDEX snapshots_captured_at ON snapshots(captured_at);
CREATE INDEX snapshots_superseded_by ON snapshots(superseded_by) WHERE superseded_by IS NOT NULL;

CREATE TABLE usage_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  snapshot_id INTEGER NOT NULL REFERENCES snapshots(id) ON DELETE CASCADE,
  captured_at TEXT NOT NULL,
  model TEXT NOT NULL,
  input_with_cache_write_tokens INTEGER NOT NULL,
  input_without_cache_write_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  total_tokens INTEGER NOT NULL,
  api_cost_micros INTEGER,
  api_cost_cents INTEGER GENERATED ALWAYS AS (${centsOf("api_cost_micros")}) VIRTUAL,
  cost_to_you_micros INTEGER,
  cost_to_you_cents INTEGER GENERATED ALWAYS AS (${centsOf("cost_to_you_micros")}) VIRTUAL,
  cost_basis TEXT NOT NULL CHECK (cost_basis IN ('billed', 'included', 'estimated', 'unknown')),
  billing_period_start TEXT,
  billing_period_end TEXT,
  source TEXT NOT NULL CHECK (source IN ('network_json', 'dom_table')),
  raw_blob_id INTEGER REFERENCES raw_blobs(id) ON DELETE SET NULL
) STRICT;
CREATE INDEX usage_events_captured_at ON usage_events(captured_at);
CREATE INDEX usage_events_model_captured_at ON usage_events(model, captured_at);
CREATE INDEX usage_events_snapshot ON usage_events(snapshot_id);
CREATE INDEX usage_events_raw_blob ON usage_events(raw_blob_id) WHERE raw_blob_id IS NOT NULL;

CREATE TABLE pools (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  snapshot_id INTEGER NOT NULL REFERENCES snapshots(id) ON DELETE CASCADE,
  captured_at TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  percent_used REAL,
  used_micros INTEGER,
  limit_micros INTEGER
) STRICT;
CREATE INDEX pools_snapshot ON pools(snapshot_id, captured_at);

CREATE TABLE budgets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  effective_budget_cents INTEGER NOT NULL CHECK (effective_budget_cents >= 0),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE alerts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  details TEXT NOT NULL,
  dedupe_key TEXT NOT NULL UNIQUE,
  cycle TEXT,
  triggered_at TEXT NOT NULL,
  cleared_at TEXT,
  recovered INTEGER NOT NULL DEFAULT 0 CHECK (recovered IN (0, 1)),
  acknowledged_at TEXT
) STRICT;
CREATE INDEX alerts_triggered_at ON alerts(triggered_at);
CREATE INDEX alerts_cycle ON alerts(cycle, id) WHERE cycle IS NOT NULL;
CREATE INDEX alerts_open ON alerts(kind) WHERE cleared_at IS NULL;
`;

/** A row of `snapshots`. */
export const snapshotRow = z.object({
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

  find(snapshotId: number): Snapshot | null {
    return this.#one("SELECT * FROM snapshots WHERE id = ?", snapshotId);
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

  replace(
    old: Snapshot,
    { checkedBefore, ...snapshot }: Parameters<UsageStore["replace"]>[1],
  ): Snapshot {
    const { id } = this.insert(snapshot);
    const at = textOfInstant(snapshot.capturedAt);
    const isSameCapture = old.capturedAt.equals(snapshot.capturedAt);
    this.#db.prepare("UPDATE snapshots SET last_checked_at = ? WHERE id = ?").run(textOfInstant(old.lastCheckedAt), id);
    this.#db.prepare("UPDATE pools SET snapshot_id = ? WHERE snapshot_id = ? AND captured_at > ?").run(id, old.id, at);
    if (isSameCapture) this.#db.prepare("UPDATE snapshots SET superseded_by = ? WHERE id = ?").run(id, old.id);
    else {
      this.#db.prepare("UPDATE snapshots SET last_checked_at = ? WHERE id = ?")
        .run(textOfInstant(checkedBefore), old.id);
    }
    return snapshotRow.parse(this.#db.prepare("SELECT * FROM snapshots WHERE id = ?").get(id));
  }

  *readRows({ from = null, to = null }: TimeRange = {}): Generator<{ snapshot: Snapshot; row: UsageRow }, void> {
    const sql = "SELECT * FROM snapshots WHERE captured_at >= coalesce(?, '') AND captured_at < coalesce(?, '9') " +
      "AND superseded_by IS NULL ORDER BY captured_at, id";
    for (const found of this.#db.prepare(sql).iterate(textOrNull(from), textOrNull(to))) {
      const snapshot = snapshotRow.parse(found);
      for (const row of this.rows(snapshot.id)) yield { snapshot, row };
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
