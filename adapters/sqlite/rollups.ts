import { type Exclusion, EXCLUSIONS } from "../../domain/billing/billable.ts";
import { type ExcludedSum, sumByReason } from "../../domain/billing/ledger.ts";
import type { RolledUpMonth, Rollup, RollupRow, RollupStore } from "../../domain/billing/rollup.ts";
import { micros } from "../../domain/money.ts";
import { centsOf, instantColumn, microsColumn, textOrNull } from "./columns.ts";
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

/**
 * What month files come to: the billed events by month, user and model, and by reason what was left out. Every row can be
 * made anew from the file that `file_id` names.
 */
export const BILLING_SCHEMA = `
CREATE TABLE billing_months (
  month TEXT PRIMARY KEY,
  file_id TEXT NOT NULL,
  fetched_at TEXT,
  is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1)),
  events INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE billing_rollup (
  month TEXT NOT NULL REFERENCES billing_months(month) ON DELETE CASCADE,
  user TEXT NOT NULL,
  model TEXT NOT NULL,
  billed_micros INTEGER NOT NULL,
  billed_cents INTEGER GENERATED ALWAYS AS (${centsOf("billed_micros")}) VIRTUAL,
  requests INTEGER NOT NULL,
  input_with_cache_write_tokens INTEGER NOT NULL,
  input_without_cache_write_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  total_tokens INTEGER NOT NULL,
  PRIMARY KEY (month, user, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE billing_excluded (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  month TEXT NOT NULL REFERENCES billing_months(month) ON DELETE CASCADE,
  reason TEXT NOT NULL,
  kind TEXT NOT NULL,
  user TEXT NOT NULL,
  events INTEGER NOT NULL,
  amount_micros INTEGER,
  amount_cents INTEGER GENERATED ALWAYS AS (${centsOf("amount_micros")}) VIRTUAL
) STRICT;
CREATE INDEX billing_excluded_month ON billing_excluded(month);
`;

const monthRow = z.object({
  month: z.string(),
  file_id: z.string(),
  fetched_at: instantColumn.nullable(),
  is_complete: z.number().transform((flag) => flag === 1),
  events: z.number(),
}).transform((row): RolledUpMonth => ({
  month: row.month,
  fileId: row.file_id,
  fetchedAt: row.fetched_at,
  isComplete: row.is_complete,
  events: row.events,
}));

const excludedRow = z.object({
  reason: z.custom<Exclusion>((value) => typeof value === "string" && value in EXCLUSIONS),
  events: z.number(),
  micros: microsColumn.nullable(),
});

/** But for the total of the tokens, which is their sum. */
const READ_COLUMNS = "month, user, model, billed_micros, requests, input_with_cache_write_tokens, " +
  "input_without_cache_write_tokens, cache_read_tokens, output_tokens";
const ROLLUP_COLUMNS = `${READ_COLUMNS}, total_tokens`;

/** Rollups in SQLite. */
export class SqliteRollupStore implements RollupStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  replace({ month, fileId, fetchedAt, isComplete }: Omit<RolledUpMonth, "events">, rollup: Rollup): void {
    const events = rollup.rows.reduce((sum, row) => sum + row.requests, 0);
    this.#db.prepare("DELETE FROM billing_months WHERE month = ?").run(month);
    this.#db.prepare(
      "INSERT INTO billing_months (month, file_id, fetched_at, is_complete, events) VALUES (?, ?, ?, ?, ?)",
    ).run(month, fileId, textOrNull(fetchedAt), isComplete ? 1 : 0, events);
    const insertRow = this.#db.prepare(
      `INSERT INTO billing_rollup (${ROLLUP_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    for (const { user, model, micros, requests, tokens } of rollup.rows) {
      const { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total } = tokens;
      const counts = [inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total];
      insertRow.run(month, user, model, micros, requests, ...counts);
    }
    const insertExcluded = this.#db.prepare(
      "INSERT INTO billing_excluded (month, reason, kind, user, events, amount_micros) VALUES (?, ?, ?, ?, ?, ?)",
    );
    for (const { reason, kind, user, events, micros } of rollup.excluded) {
      insertExcluded.run(month, reason, kind, user, events, micros);
    }
  }

  months(): RolledUpMonth[] {
    return this.#db.prepare("SELECT * FROM billing_months ORDER BY month").all().map((row) => monthRow.parse(row));
  }

  rows({ months, user, model }: { months?: readonly string[]; user?: string; model?: string } = {}): RollupRow[] {
    // One JSON text is read many times faster than as many rows; a report may be made of a hundred thousand.
    const rows = this.#db.prepare(
      `SELECT json_group_array(json_array(${READ_COLUMNS})) AS rows FROM (` +
        `SELECT ${READ_COLUMNS} FROM billing_rollup WHERE ${IN_MONTHS} ` +
        "AND user = coalesce(?2, user) AND model = coalesce(?3, model) ORDER BY month, user, model)",
    ).get(listOf(months), user ?? null, model ?? null)?.["rows"];
    const parsed: unknown = JSON.parse(textIn(rows));
    return Array.isArray(parsed) ? parsed.map(rollupRow) : [];
  }

  excluded({ months, user }: { months?: readonly string[]; user?: string } = {}): ExcludedSum[] {
    // SQL's sum leaves unknown amounts out, and is unknown where all of them are.
    const sums = this.#db.prepare(
      "SELECT reason, sum(events) AS events, sum(amount_micros) AS micros FROM billing_excluded " +
        `WHERE ${IN_MONTHS} AND user = coalesce(?2, user) GROUP BY reason`,
    ).all(listOf(months), user ?? null);
    return sumByReason(sums.map((row) => excludedRow.parse(row)));
  }
}

/** All months where the list is null. */
const IN_MONTHS = "(?1 IS NULL OR month IN (SELECT value FROM json_each(?1)))";

function listOf(months: readonly string[] | undefined): string | null {
  return months === undefined ? null : JSON.stringify(months);
}

/** The columns of READ_COLUMNS, by their places: taking a list apart by names costs as much as reading it. */
function rollupRow(row: unknown): RollupRow {
  const columns: readonly unknown[] = Array.isArray(row) ? row : [];
  const inputWithCacheWrite = countIn(columns[5]);
  const inputWithoutCacheWrite = countIn(columns[6]);
  const cacheRead = countIn(columns[7]);
  const output = countIn(columns[8]);
  const total = inputWithCacheWrite + inputWithoutCacheWrite + cacheRead + output;
  return {
    month: textIn(columns[0]),
    user: textIn(columns[1]),
    model: textIn(columns[2]),
    micros: micros(countIn(columns[3])),
    requests: countIn(columns[4]),
    tokens: { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total },
  };
}

function textIn(value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError(`Cannot read a rollup as a text column must hold text: it holds ${typeof value}`);
}

function countIn(value: unknown): number {
  if (typeof value === "number") return value;
  throw new TypeError(`Cannot read a rollup as a number column must hold a number: it holds ${typeof value}`);
}
