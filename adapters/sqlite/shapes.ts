import type { PayloadShape, ShapeStore } from "../../domain/readers/shapes.ts";
import { instantColumn, textOfInstant, textOrNull } from "./columns.ts";
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

const VALUE_TYPES = ["null", "boolean", "number", "numeric_text", "text", "object", "array"] as const;
const jsonColumn = z.string().transform((text): unknown => JSON.parse(text));

const shapeRow = z.object({
  endpoint: z.string(),
  recognizer: z.string(),
  fingerprint: jsonColumn.pipe(z.record(z.string(), z.array(z.enum(VALUE_TYPES)))),
  seen_at: instantColumn,
  lost: jsonColumn.pipe(z.array(z.string())),
  retyped: jsonColumn.pipe(z.array(z.object({ path: z.string(), before: z.string(), after: z.string() }))),
  lost_figures: jsonColumn.pipe(z.array(z.string())),
  drifted_at: instantColumn.nullable(),
}).transform((row): PayloadShape => ({
  endpoint: row.endpoint,
  recognizer: row.recognizer,
  fingerprint: row.fingerprint,
  seenAt: row.seen_at,
  drift: { lost: row.lost, retyped: row.retyped, lostFigures: row.lost_figures },
  driftedAt: row.drifted_at,
}));

/** Shapes of payloads in SQLite. */
export class SqliteShapeStore implements ShapeStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  list(): PayloadShape[] {
    return this.#db.prepare("SELECT * FROM payload_shapes ORDER BY endpoint").all().map((row) => shapeRow.parse(row));
  }

  save({ endpoint, recognizer, fingerprint, seenAt, drift, driftedAt }: PayloadShape): void {
    this.#db.prepare(
      "INSERT OR REPLACE INTO payload_shapes (endpoint, recognizer, fingerprint, seen_at, lost, retyped, lost_figures, " +
        "drifted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    ).run(
      endpoint,
      recognizer,
      JSON.stringify(fingerprint),
      textOfInstant(seenAt),
      JSON.stringify(drift.lost),
      JSON.stringify(drift.retyped),
      JSON.stringify(drift.lostFigures),
      textOrNull(driftedAt),
    );
  }
}
