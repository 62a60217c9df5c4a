import { hostRule } from "../../../ui/web/host_guard.ts";
import { askedBy } from "../../../ui/web/exchange.ts";
import { lazyWebApp } from "../../../ui/web/lazy_app.ts";
import { fillTwoCycles, testServices } from "../services_harness.ts";
import assert from "node:assert/strict";

Deno.test("hostRule() allows IP addresses, localhost and the given names, with any port and in any case", () => {
  const isAllowed = hostRule(["nas", "nas.local", "*.example.org"]);
  const ours = [
    "localhost",
    "LOCALHOST:8787",
    "tracker.localhost",
    "127.0.0.1",
    "192.168.1.20:8787",
    "[::1]:80",
    "[fe80::1]",
  ];
  const named = ["nas", "NAS:80", "nas.local", "nas.local.", "a.example.org", "a.b.example.org"];
  for (const host of [...ours, ...named]) assert.equal(isAllowed(host), true, host);
});

Deno.test("hostRule() refuses every other name, and what is none", () => {
  const isAllowed = hostRule(["nas", "*.example.org"]);
  const foreign = ["evil.example", "nas.evil.example", "example.org", "evilexample.org", "localhost.evil.example"];
  const strange = [
    "",
    "127.0.0.1.evil.example",
    "1.2.3",
    "256.1.1.1",
    "localhost@evil",
    "nas/x",
    "nas:x",
    "[::g]",
    "nas nas",
  ];
  for (const host of [...foreign, ...strange]) assert.equal(isAllowed(host), false, host);
});

Deno.test("a name that is not ours is refused, also for what is remembered", async () => {
  using services = testServices({ env: { ALLOWED_HOSTS: "tracker.lan" } });
  fillTwoCycles(services);
  const ask = async (url: string, host?: string) =>
    (await services.app.request(url, host === undefined ? {} : { headers: { host } })).status;
  for (let round = 0; round < 2; round++) {
    assert.equal(await ask("http://tracker.lan:8787/api/summary"), 200);
    assert.equal(await ask("http://192.168.1.20:8787/api/summary"), 200);
    assert.equal(await ask("http://evil.example/api/summary"), 421);
    assert.equal(await ask("http://tracker.lan:8787/api/summary", "evil.example"), 421);
  }
});

Deno.test("/healthz is answered at once, before the pages are loaded too, for our own names only", async () => {
  using services = testServices();
  const handler = lazyWebApp(services.services, { ownNames: ["nas"] });
  const atOnce = (host: string, path = "/healthz") =>
    handler.atOnce(askedBy(new Request(`http://${host}${path}`, { headers: { host } })));
  for (let round = 0; round < 2; round++) {
    assert.equal(atOnce("127.0.0.1")?.status, 200);
    assert.equal(atOnce("nas")?.status, 200);
    assert.equal(atOnce("evil.example"), null);
    assert.equal(atOnce("nas", "/healthz?x"), null);
    await handler.load();
  }
  const app = await handler.load();
  const refused = await app(new Request("http://evil.example/healthz"));
  assert.equal(refused.status, 421);
  assert.match((await refused.json()).hint, /ALLOWED_HOSTS/);
  const routed = await app(new Request("http://nas/healthz?x", { headers: { host: "nas" } }));
  const { "content-length": _, ...headers } = atOnce("nas")?.headers ?? {};
  assert.deepEqual(new Map(Object.entries(headers)), new Map(routed.headers));
});
