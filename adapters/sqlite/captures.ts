import {
  type Capture,
  type CaptureStore,
  type Evidence,
  KEPT_CAPTURES,
  KEPT_FAILURES,
  type KeptFailure,
  type RawPayload,
} from "../../domain/capture/capture.ts";
import { evidenceJson } from "../files/evidence_json.ts";
import { instantColumn, textOfInstant } from "./columns.ts";
import type { DatabaseSync } from "node:sqlite";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";

const captureRow = z.object({
  captured_at: instantColumn,
  evidence: z.string().transform((text): Evidence => evidenceJson.parse(JSON.parse(text))),
});

const blobRow = z.object({
  kind: z.enum(["network_json", "html"]),
  url: z.string(),
  method: z.string(),
  status: z.number(),
  content_type: z.string(),
  request_body: z.string().nullable(),
  payload: z.instanceof(Uint8Array),
}).transform((row): RawPayload => ({
  kind: row.kind,
  url: row.url,
  method: row.method,
  status: row.status,
  contentType: row.content_type,
  requestBody: row.request_body,
  body: gunzipSync(row.payload).toString("utf8"),
}));

const failureRow = captureRow.extend({
  capture_id: z.number(),
  screenshot: z.instanceof(Uint8Array).nullable(),
  html: z.instanceof(Uint8Array).nullable(),
}).transform((row): KeptFailure => ({
  captureId: row.capture_id,
  capturedAt: row.captured_at,
  evidence: row.evidence,
  screenshot: row.screenshot === null ? null : new Uint8Array(row.screenshot),
  html: row.html === null ? null : gunzipSync(row.html).toString("utf8"),
}));

const listRow = z.object({ id: z.number(), captured_at: instantColumn, payloads: z.number() });

/** Raw captures in SQLite: one row a capture, one gzip blob a payload. */
export class SqliteCaptureStore implements CaptureStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  save(capture: Capture): number {
    const at = textOfInstant(capture.capturedAt);
    const insert = "INSERT INTO captures (captured_at, evidence) VALUES (?, ?)";
    const id = Number(this.#db.prepare(insert).run(at, JSON.stringify(capture.evidence)).lastInsertRowid);
    const blob = this.#db.prepare(
      "INSERT INTO raw_blobs (capture_id, captured_at, kind, url, method, status, content_type, request_body, payload) " +
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    for (const { kind, url, method, status, contentType, requestBody, body } of capture.payloads) {
      blob.run(id, at, kind, url, method, status, contentType, requestBody, gzipSync(body));
    }
    const { failedPage } = capture;
    if (failedPage !== undefined) {
      const html = failedPage.html === null ? null : gzipSync(failedPage.html);
      this.#db.prepare("INSERT INTO failed_pages (capture_id, screenshot, html) VALUES (?, ?, ?)")
        .run(id, failedPage.screenshot, html);
    }
    this.#db.prepare(
      "DELETE FROM captures WHERE id NOT IN (SELECT id FROM captures ORDER BY id DESC LIMIT ?) " +
        "AND id NOT IN (SELECT capture_id FROM failed_pages ORDER BY capture_id DESC LIMIT ?)",
    ).run(KEPT_CAPTURES, KEPT_FAILURES);
    return id;
  }

  load(captureId: number): Capture | null {
    const row = this.#db.prepare("SELECT captured_at, evidence FROM captures WHERE id = ?").get(captureId);
    if (row === undefined) return null;
    const { captured_at, evidence } = captureRow.parse(row);
    const blobs = this.#db.prepare("SELECT * FROM raw_blobs WHERE capture_id = ? ORDER BY id").all(captureId);
    return { capturedAt: captured_at, evidence, payloads: blobs.map((blob) => blobRow.parse(blob)) };
  }

  lastFailure(): KeptFailure | null {
    const sql = "SELECT capture_id, captured_at, evidence, screenshot, html FROM failed_pages " +
      "JOIN captures ON captures.id = capture_id ORDER BY capture_id DESC LIMIT 1";
    const row = this.#db.prepare(sql).get();
    return row === undefined ? null : failureRow.parse(row);
  }

  list(): ReturnType<CaptureStore["list"]> {
    const sql = "SELECT id, captured_at, (SELECT count(*) FROM raw_blobs WHERE capture_id = captures.id) AS payloads " +
      "FROM captures ORDER BY id DESC";
    return this.#db.prepare(sql).all().map((row) => listRow.parse(row))
      .map(({ id, captured_at, payloads }) => ({ id, capturedAt: captured_at, payloads }));
  }
}
