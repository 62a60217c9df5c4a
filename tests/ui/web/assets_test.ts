import { assetPath, ASSETS } from "../../../ui/web/assets.ts";
import { testServices } from "../services_harness.ts";
import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

async function get(path: string, encoding?: string) {
  using services = testServices();
  const headers = encoding === undefined ? {} : { "accept-encoding": encoding };
  const response = await services.app.request(path, { headers });
  return { status: response.status, headers: response.headers, bytes: await response.bytes() };
}

Deno.test("an asset comes compressed as the browser likes it, for ever, and is the same text", async () => {
  const path = assetPath("apexcharts.js");
  const brotli = await get(path, "gzip, deflate, br, zstd");
  assert.equal(brotli.status, 200);
  assert.equal(brotli.headers.get("content-encoding"), "br");
  assert.equal(brotli.headers.get("vary"), "accept-encoding");
  assert.equal(brotli.headers.get("cache-control"), "public, max-age=31536000, immutable");
  assert.equal(brotliDecompressSync(brotli.bytes).toString(), ASSETS["apexcharts.js"]);
  assert.ok(brotli.bytes.length < 140_000, `${brotli.bytes.length}`);
  const gzip = await get(path, "gzip, br;q=0");
  assert.equal(gzip.headers.get("content-encoding"), "gzip");
  assert.equal(gunzipSync(gzip.bytes).toString(), ASSETS["apexcharts.js"]);
});

Deno.test("an asset comes as it is to who asks for no encoding", async () => {
  const plain = await get(assetPath("style.css"));
  assert.equal(plain.headers.get("content-encoding"), null);
  assert.equal(plain.headers.get("content-type"), "text/css; charset=utf-8");
  assert.equal(new TextDecoder().decode(plain.bytes), ASSETS["style.css"]);
});

Deno.test("there is no other asset", async () => {
  assert.equal((await get("/assets/x/deno.json")).status, 404);
  assert.equal((await get("/assets/x/toString")).status, 404);
});
