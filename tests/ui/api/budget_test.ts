import { type TestServices, testServices } from "../services_harness.ts";
import assert from "node:assert/strict";

const LOGIN = { DASH_USER: "ada", DASH_PASS: "pässword:with colon" };
const basic = (text: string) => `Basic ${new TextEncoder().encode(text).toBase64()}`;
const RIGHT = basic("ada:pässword:with colon");

function post(
  { app }: Pick<TestServices, "app">,
  body: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const all = { "content-type": "application/json", authorization: RIGHT, ...headers };
  return Promise.resolve(app.request("http://tracker.lan:8787/api/budget", { method: "POST", body, headers: all }));
}

const TWENTY = '{"effective_budget_cents":2000}';

Deno.test("POST /api/budget sets the budget and keeps the earlier ones", async () => {
  using services = testServices({ env: LOGIN });
  const set = await post(services, TWENTY);
  assert.equal(set.status, 201);
  assert.deepEqual(await set.json(), { effective_budget_cents: 2000, created_at: "2026-11-11T00:00:00Z" });
  services.clock.at = services.clock.at.add({ hours: 1 });
  assert.equal((await post(services, '{"effective_budget_cents":0}')).status, 201);
  const read = await services.app.request("/api/budget");
  assert.deepEqual(await read.json(), {
    effective_budget_cents: 0,
    budgets: [
      { effective_budget_cents: 0, created_at: "2026-11-11T01:00:00Z" },
      { effective_budget_cents: 2000, created_at: "2026-11-11T00:00:00Z" },
    ],
  });
});

Deno.test("POST /api/budget refuses what is no budget, and changes nothing", async (t) => {
  using services = testServices({ env: LOGIN });
  const cases: [body: string, status: number, headers?: Record<string, string>][] = [
    ['{"effective_budget_cents":-1}', 422],
    ['{"effective_budget_cents":19.5}', 422],
    ['{"effective_budget_cents":1e99}', 422],
    ['{"effective_budget_cents":100000001}', 422],
    ['{"effective_budget_cents":"2000"}', 422],
    ['{"effective_budget_cents":null}', 422],
    ['{"effective_budget_cents":true}', 422],
    ["{}", 422],
    ["[2000]", 422],
    ['{"effective_budget_cents":NaN}', 400],
    ["", 400],
    ["{", 400],
    [TWENTY, 415, { "content-type": "text/plain" }],
    [TWENTY, 415, { "content-type": "application/x-www-form-urlencoded" }],
    [`{"effective_budget_cents":2000,"pad":"${"x".repeat(5_000)}"}`, 413],
  ];
  for (const [body, status, headers] of cases) {
    await t.step(`${body.slice(0, 40)} ${headers?.["content-type"] ?? ""} → ${status}`, async () => {
      const response = await post(services, body, headers);
      assert.equal(response.status, status);
      assert.match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
      assert.equal(typeof (await response.json()).detail, "string");
    });
  }
  assert.deepEqual(services.stores.budgets.list(), []);
});

Deno.test("a budget of a million dollars is the largest", async () => {
  using services = testServices({ env: LOGIN });
  assert.equal((await post(services, '{"effective_budget_cents":100000000}')).status, 201);
});

Deno.test("without a configured password nothing can be written, and the reason is told", async () => {
  for (const env of [{}, { DASH_USER: "ada" }, { DASH_PASS: "x" }]) {
    using services = testServices({ env });
    const response = await post(services, TWENTY);
    assert.equal(response.status, 403);
    assert.match((await response.json()).detail, /DASH_USER and DASH_PASS must both be set/);
    assert.deepEqual(services.stores.budgets.list(), []);
  }
});

Deno.test("a missing or wrong login is asked for again", async (t) => {
  using services = testServices({ env: LOGIN });
  const wrong = [
    "",
    basic("ada:wrong"),
    basic("eve:pässword:with colon"),
    basic("ada:"),
    basic("ada"),
    basic(":"),
    "Basic ////",
    "Basic not base64!",
    "Bearer abc",
  ];
  for (const authorization of wrong) {
    await t.step(authorization, async () => {
      const response = await post(services, TWENTY, { authorization });
      assert.equal(response.status, 401);
      assert.equal(response.headers.get("www-authenticate"), 'Basic realm="tracker", charset="UTF-8"');
    });
  }
  assert.deepEqual(services.stores.budgets.list(), []);
});

Deno.test("a page of another site cannot write, even with the right login", async (t) => {
  using services = testServices({ env: LOGIN });
  const foreign: Record<string, string>[] = [
    { origin: "http://evil.example" },
    { origin: "http://tracker.lan" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ];
  for (const headers of foreign) {
    await t.step(JSON.stringify(headers), async () => {
      const response = await post(services, TWENTY, { host: "tracker.lan:8787", ...headers });
      assert.equal(response.status, 403);
    });
  }
  const own = { host: "tracker.lan:8787", origin: "http://tracker.lan:8787", "sec-fetch-site": "same-origin" };
  const page = await (await services.app.request("/settings")).text();
  const token = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? "";
  assert.equal((await post(services, TWENTY, { ...own, "x-csrf-token": token })).status, 201);
  assert.equal(services.stores.budgets.list().length, 1);
});

Deno.test("DASH_AUTH=all protects every read but /healthz", async () => {
  using services = testServices({ env: { ...LOGIN, DASH_AUTH: "all" } });
  for (const path of ["/", "/api/summary", "/api/budget", "/nothing"]) {
    assert.equal((await services.app.request(path)).status, 401, path);
    const withLogin = await services.app.request(path, { headers: { authorization: RIGHT } });
    assert.equal(withLogin.status, path === "/nothing" ? 404 : 200, path);
    assert.equal((await services.app.request(path)).status, 401, `${path} again, now that it is remembered`);
  }
  assert.equal((await services.app.request("/healthz")).status, 200);
});

Deno.test("reads are open by default", async () => {
  using services = testServices({ env: LOGIN });
  assert.equal((await services.app.request("/api/summary")).status, 200);
});

Deno.test("who sets a budget reads it at once, though answers are remembered", async () => {
  using services = testServices({ env: LOGIN });
  const budget = async () => (await (await services.app.request("/api/budget")).json()).effective_budget_cents;
  assert.equal(await budget(), null);
  for (const cents of [2000, 3000, 4000]) {
    await post(services, `{"effective_budget_cents":${cents}}`);
    assert.equal(await budget(), cents);
  }
});
