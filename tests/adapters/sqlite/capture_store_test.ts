import { SqliteCaptureStore } from "../../../adapters/sqlite/captures.ts";
import { captureOf, jsonPayload } from "../../domain/capture/capture_of.ts";
import { testDatabase } from "./test_database.ts";
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";

const AT = Temporal.Instant.from("2026-11-21T19:00:00Z");

Deno.test("payloads are stored compressed", () => {
  using test = testDatabase();
  const payload = jsonPayload("rows", { text: "usage ".repeat(10_000) });
  new SqliteCaptureStore(test.db).save(captureOf({ at: AT, payloads: [payload] }));
  const stored = test.db.prepare("SELECT payload FROM raw_blobs").get()?.["payload"];
  assert.ok(stored instanceof Uint8Array);
  assert.ok(stored.length < 1_000, `${stored.length} bytes`);
  assert.equal(gunzipSync(stored).toString("utf8"), payload.body);
});

Deno.test("the payloads of a capture that is dropped go with it", () => {
  using test = testDatabase();
  const store = new SqliteCaptureStore(test.db);
  for (let n = 0; n < 25; n++) store.save(captureOf({ at: AT, payloads: [jsonPayload("a", n), jsonPayload("b", n)] }));
  assert.equal(test.db.prepare("SELECT count(*) AS n FROM raw_blobs").get()?.["n"], 40);
  assert.equal(test.db.prepare("SELECT count(*) AS n FROM captures").get()?.["n"], 20);
});

Deno.test("ids of dropped captures are not used again", () => {
  using test = testDatabase();
  const store = new SqliteCaptureStore(test.db);
  const first = store.save(captureOf({ at: AT }));
  test.db.exec("DELETE FROM captures");
  assert.ok(store.save(captureOf({ at: AT })) > first);
});
