import { clientOf, OWN_PAGE, tokenIn } from "../pages_client.ts";
import {
  BASIC,
  fillAlerts,
  finishedRun,
  LOGGED_OUT,
  LOGIN,
  type PagesServices,
  pagesServices,
} from "../pages_services.ts";
import assert from "node:assert/strict";

/** Every write that the pages and their API know. */
const API_WRITES = ["/api/scrape", "/api/runs/1/retry", "/api/runs/1/cancel", "/api/alerts/1/ack"];
const FORM_WRITES = [
  "/runs/scrape",
  "/runs/1/retry",
  "/runs/1/cancel",
  "/alerts/1/ack",
  "/settings/budget",
  "/settings/doctor",
];
const FORM_TYPE = { "content-type": "application/x-www-form-urlencoded" };
const basic = (text: string) => `Basic ${new TextEncoder().encode(text).toBase64()}`;

function filled(env: Record<string, string> = LOGIN): PagesServices {
  const services = pagesServices({ env });
  finishedRun(services, { key: "k", failure: LOGGED_OUT });
  fillAlerts(services);
  return services;
}

/** What a refused request must leave as it was. */
function stateOf({ stores, runs }: PagesServices): string {
  const acknowledged = stores.alerts.list(100).map((
    { id, acknowledgedAt },
  ) => [id, acknowledgedAt?.toString() ?? null]);
  return JSON.stringify([stores.budgets.list(), runs.list().map(({ id, status }) => [id, status]), acknowledged]);
}

Deno.test("every write refuses requests without the right login, origin and token, and changes nothing", async (t) => {
  await using services = filled();
  const { send } = clientOf(services);
  const before = stateOf(services);
  const token = tokenIn(await (await send("GET", "/settings")).text());
  const own = { authorization: BASIC, ...OWN_PAGE };
  const everywhere: [what: string, status: number, headers: Record<string, string>][] = [
    ["no login", 401, {}],
    ["a wrong password", 401, { authorization: basic("ada:wrong") }],
    ["a wrong user", 401, { authorization: basic("eve:correct horse") }],
    ["no Basic login", 401, { authorization: "Bearer abc" }],
    ["a foreign origin", 403, { ...own, origin: "http://evil.example", "x-csrf-token": token }],
    ["an origin on another port", 403, { ...own, origin: "http://tracker.lan", "x-csrf-token": token }],
    ["an opaque origin", 403, { ...own, origin: "null", "x-csrf-token": token }],
    ["a foreign site", 403, { ...own, "sec-fetch-site": "cross-site", "x-csrf-token": token }],
    ["a sibling site", 403, { ...own, "sec-fetch-site": "same-site", "x-csrf-token": token }],
    ["our own origin without a token", 403, { authorization: BASIC, host: OWN_PAGE.host, origin: OWN_PAGE.origin }],
    ["a browser without a token", 403, { authorization: BASIC, "sec-fetch-site": "none" }],
    ["a wrong token", 403, { ...own, "x-csrf-token": `${token}x` }],
    ["an empty token", 403, { ...own, "x-csrf-token": "" }],
  ];
  for (const path of [...API_WRITES, ...FORM_WRITES]) {
    for (const [what, status, headers] of everywhere) {
      await t.step(`${path}: ${what} → ${status}`, async () => {
        // An address of its own, so that the slow-down does not come in between.
        const response = await send("POST", path, { headers, address: `${path} ${what}` });
        assert.equal(response.status, status);
        assert.match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
        assert.equal((await response.json()).status, status);
      });
    }
  }
  for (const path of FORM_WRITES) {
    await t.step(`${path}: a form's token in a body that is no form → 403`, async () => {
      const headers = { ...own, "content-type": "text/plain" };
      assert.equal((await send("POST", path, { headers, body: `csrf=${token}` })).status, 403);
    });
    await t.step(`${path}: a client without any browser's header needs the token too → 403`, async () => {
      assert.equal((await send("POST", path, { headers: { authorization: BASIC } })).status, 403);
    });
    await t.step(`${path}: a form without end → 413`, async () => {
      const body = `csrf=${token}&pad=${"x".repeat(5_000)}`;
      assert.equal((await send("POST", path, { headers: { ...own, ...FORM_TYPE }, body })).status, 413);
    });
  }
  assert.equal(stateOf(services), before);
});

Deno.test("without a configured password every write is refused with the reason, and pages have no buttons", async () => {
  for (const env of [{}, { DASH_USER: "ada" }, { DASH_PASS: "x" }]) {
    await using services = filled(env);
    const { send, get } = clientOf(services);
    const before = stateOf(services);
    for (const path of [...API_WRITES, ...FORM_WRITES]) {
      const response = await send("POST", path, { headers: { authorization: BASIC } });
      assert.equal(response.status, 403, path);
      assert.match((await response.json()).detail, /DASH_USER and DASH_PASS must both be set/);
    }
    assert.equal(stateOf(services), before);
    for (const path of ["/runs", "/runs/1", "/alerts", "/settings"]) {
      const page = await (await get(path)).text();
      assert.match(page, /Buttons are off: set DASH_USER and DASH_PASS/, path);
      assert.doesNotMatch(page, /method="post"/, path);
    }
  }
});

Deno.test("after five wrong logins an address waits, even with the right one, and then gets in", async () => {
  await using services = filled();
  const { send } = clientOf(services);
  const attempt = (password: string, address = "10.0.0.7") =>
    send("POST", "/api/alerts/1/ack", { headers: { authorization: basic(`ada:${password}`) }, address });
  for (let count = 0; count < 5; count++) assert.equal((await attempt("wrong")).status, 401);
  const refused = await attempt("correct horse");
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "1");
  assert.equal(refused.headers.get("www-authenticate"), null);
  assert.match(refused.headers.get("content-type") ?? "", /^application\/problem\+json/);
  assert.equal((await attempt("correct horse", "10.0.0.8")).status, 200);
  services.clock.set("2026-11-21T20:00:01Z");
  assert.equal((await attempt("correct horse")).status, 200);
  assert.equal(services.log.events().filter((event) => event === "login.failed").length, 5);
  assert.ok(!services.log.text().includes("wrong"), "no password is logged");
});

Deno.test("reads wait as well where they need the login; what needs none is answered all the time", async () => {
  await using services = filled({ ...LOGIN, DASH_AUTH: "all" });
  const { send } = clientOf(services);
  const headers = { authorization: basic("ada:wrong") };
  for (let count = 0; count < 5; count++) assert.equal((await send("GET", "/alerts", { headers })).status, 401);
  for (const path of ["/", "/alerts", "/api/runs", "/api/events", "/api/settings"]) {
    assert.equal((await send("GET", path, { headers: { authorization: BASIC } })).status, 429, path);
  }
  assert.equal((await send("GET", "/healthz")).status, 200);
  services.clock.set("2026-11-21T20:00:10Z");
  assert.equal((await send("GET", "/alerts", { headers: { authorization: BASIC } })).status, 200);
});

Deno.test("a missing login is asked for and does not count as a wrong one", async () => {
  await using services = filled();
  const { send, post } = clientOf(services);
  for (let count = 0; count < 20; count++) {
    const response = await send("POST", "/api/alerts/1/ack");
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("www-authenticate"), 'Basic realm="tracker", charset="UTF-8"');
  }
  assert.equal((await post("/api/alerts/1/ack")).status, 200);
});

Deno.test("other methods on the new addresses change nothing", async () => {
  await using services = filled();
  const { send } = clientOf(services);
  const before = stateOf(services);
  for (const path of [...API_WRITES, ...FORM_WRITES]) {
    for (const method of ["PUT", "PATCH", "DELETE"]) {
      const response = await send(method, path, { headers: { authorization: BASIC, "x-csrf-token": "x" } });
      assert.ok(response.status >= 400 && response.status < 500, `${method} ${path}: ${response.status}`);
    }
  }
  assert.equal(stateOf(services), before);
});
