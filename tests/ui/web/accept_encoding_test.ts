import { encodingFor } from "../../../ui/web/compression.ts";
import { fillTwoCycles, testServices } from "../services_harness.ts";
import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

Deno.test("encodingFor() takes what is liked best, the smaller among equals", () => {
  const cases: [accept: string, expected: string][] = [
    ["gzip, deflate, br, zstd", "br"],
    ["gzip", "gzip"],
    ["x-gzip", "gzip"],
    ["br;q=0.5, gzip;q=0.8", "gzip"],
    ["GZIP;Q=1", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["*", "br"],
    ["*;q=0.1, gzip;q=0.5", "gzip"],
    ["identity, gzip;q=0.5", "identity"],
    ["gzip;q=0", "identity"],
    ["", "identity"],
    ["deflate, zstd", "identity"],
    ["gzip;q=high", "identity"],
    ["identity;q=0, *;q=0", "identity"],
  ];
  for (const [accept, expected] of cases) assert.equal(encodingFor(accept), expected, accept);
});

Deno.test("large answers are sent compressed to who accepts it, with one ETag for all forms, and small ones as they are", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const ask = (path: string, encoding: string, init: RequestInit = {}) =>
    services.app.request(path, { ...init, headers: { "accept-encoding": encoding, ...init.headers } });
  for (const path of ["/", "/api/daily", "/billing", "/api/openapi.json", "/metrics"]) {
    const plain = await ask(path, "identity");
    const text = await plain.text();
    assert.ok(text.length > 1_024, path);
    assert.equal(plain.headers.get("content-encoding"), null);
    assert.equal(plain.headers.get("vary"), "accept-encoding");
    // Times and counts of /metrics change from one to the next.
    if (path === "/metrics") continue;
    for (let round = 0; round < 2; round++) {
      const br = await ask(path, "br");
      assert.deepEqual([br.headers.get("content-encoding"), br.headers.get("etag")], ["br", plain.headers.get("etag")]);
      assert.equal(brotliDecompressSync(await br.bytes()).toString(), text);
      const gzip = await ask(path, "gzip");
      assert.equal(gunzipSync(await gzip.bytes()).toString(), text);
    }
    const head = await ask(path, "br", { method: "HEAD" });
    assert.deepEqual([head.status, head.headers.get("content-encoding"), await head.text()], [200, "br", ""]);
  }
  const etag = (await ask("/api/daily", "br")).headers.get("etag") ?? "";
  const known = await ask("/api/daily", "gzip", { headers: { "if-none-match": etag, "accept-encoding": "gzip" } });
  assert.deepEqual([known.status, known.headers.get("vary"), await known.text()], [304, "accept-encoding", ""]);
  const small = await ask("/healthz", "br");
  assert.deepEqual([small.headers.get("content-encoding"), small.headers.get("vary")], [null, null]);
});

Deno.test("OPTIONS tells the methods of an address, and HEAD answers what GET does without a body", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const options = await services.app.request("/api/budget", { method: "OPTIONS" });
  assert.deepEqual([options.status, options.headers.get("allow")], [204, "GET, HEAD, POST, OPTIONS"]);
  assert.equal((await services.app.request("/nothing", { method: "OPTIONS" })).status, 404);
  const [get, head] = [
    await services.app.request("/api/summary"),
    await services.app.request("/api/summary", { method: "HEAD" }),
  ];
  assert.deepEqual([...head.headers], [...get.headers]);
  assert.equal(head.headers.get("content-length"), String((await get.bytes()).byteLength));
  assert.equal(await head.text(), "");
});
