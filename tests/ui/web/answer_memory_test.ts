import { fileDatabase, store } from "../../adapters/sqlite/test_database.ts";
import { row, snapshot } from "../../domain/history/snapshots.ts";
import { fillTwoCycles, testServices } from "../services_harness.ts";
import assert from "node:assert/strict";

Deno.test("a read has an ETag, and answers 304 to who has it already", async () => {
  using services = testServices();
  fillTwoCycles(services);
  for (const path of ["/api/summary", "/api/daily", "/api/models", "/api/cycle", "/"]) {
    const first = await services.app.request(path);
    const etag = first.headers.get("etag") ?? "";
    assert.match(etag, /^W\/"[\w-]{22}"$/, path);
    assert.equal(first.headers.get("cache-control"), "private, no-cache");
    const again = await services.app.request(path, { headers: { "if-none-match": `"other", ${etag}` } });
    assert.equal(again.status, 304);
    assert.equal(again.headers.get("etag"), etag);
    assert.equal(await again.text(), "");
  }
});

Deno.test("an answer from memory is the same, security headers included", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const [first, second] = [await services.app.request("/"), await services.app.request("/")];
  assert.match(first.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  assert.deepEqual([...second.headers], [...first.headers]);
  assert.equal(await second.text(), await first.text());
});

Deno.test("a new snapshot, by this process or another, changes the answer", async () => {
  const database = fileDatabase();
  using services = testServices({ database });
  store(services.stores, snapshot("2026-11-02T10:00:00Z", [row("opus", 1)]));
  const ask = async () => (await (await services.app.request("/api/summary")).json()).spend_cents;
  assert.equal(await ask(), 100);
  store(services.stores, snapshot("2026-11-02T11:00:00Z", [row("opus", 2)]));
  while (await ask() === 100);
  assert.equal(await ask(), 200);
  store(database.connect().stores, snapshot("2026-11-02T12:00:00Z", [row("opus", 3)]));
  while (await ask() === 200);
  assert.equal(await ask(), 300);
});

Deno.test("time alone changes the answer with the next minute", async () => {
  using services = testServices({ now: "2026-11-11T00:00:10Z" });
  fillTwoCycles(services);
  const ask = async () => (await (await services.app.request("/api/cycle")).json()).days_elapsed;
  const before = await ask();
  services.clock.at = services.clock.at.add({ seconds: 40 });
  assert.equal(await ask(), before);
  services.clock.at = services.clock.at.add({ hours: 12 });
  assert.equal(await ask(), 10.5006);
});

Deno.test("answers to different questions are kept apart, and a refusal is not kept", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const days = async (query: string) => (await (await services.app.request(`/api/daily${query}`)).json()).days?.length;
  assert.deepEqual([await days(""), await days("?cycle=2026-10-01"), await days("")], [11, 31, 11]);
  const refused = await services.app.request("/api/daily?cycle=2020-01-01");
  assert.equal(refused.headers.get("etag"), null);
});
