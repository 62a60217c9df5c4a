import { VERSION } from "../../../domain/version.ts";
import { createWebApp } from "../../../ui/web/app.ts";
import type { WebApp } from "../../../ui/web/context.ts";
import { type KnownRoute, RouteTable } from "../../../ui/web/request_guard.ts";
import { Conformance } from "../api/conformance.ts";
import { fillTwoCycles, testServices } from "../services_harness.ts";
import { inspectRoutes } from "@hono/hono/dev";
import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";

const LOGIN = { DASH_USER: "ada", DASH_PASS: "secret-pass" };
const basic = (text: string) => `Basic ${btoa(text)}`;
const RIGHT = { authorization: basic("ada:secret-pass") };
const JSON_TYPE = { "content-type": "application/json" };
const READS = ["GET", "HEAD", "OPTIONS"];
const STRANGE_METHODS = ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"];

/** What is sent, and the status that it must be refused with. */
interface Bad {
  readonly what: string;
  readonly status: number | readonly number[];
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly body?: BodyInit;
}

/** Every table with all its rows: what must not change. */
function dump(db: DatabaseSync): string {
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
  return JSON.stringify(
    tables.map(({ name }) => [name, db.prepare(`SELECT * FROM "${name}"`).all()]),
    (_key, value) => value instanceof Uint8Array ? value.toHex() : typeof value === "bigint" ? String(value) : value,
  );
}

function* streamed(bytes: number): Iterable<Uint8Array> {
  for (let sent = 0; sent < bytes; sent += 1_024) yield new Uint8Array(1_024).fill(0x20);
}

/** "/api/runs/:id" → "/api/runs/1" */
const addressOf = (pattern: string) => pattern.replace(":version", VERSION).replaceAll(/:\w+(\{[^}]*\})?/g, "1");

/** What is refused on any route, whatever it does. */
function badForAll({ pattern, methods }: KnownRoute): Bad[] {
  const path = addressOf(pattern);
  const method = methods.find((one) => one !== "OPTIONS") ?? "GET";
  const all: Bad[] = [
    { what: "another site's name in Host", status: 421, method, headers: { host: "evil.example" } },
    { what: "a name that only ends like ours", status: 421, method, headers: { host: "localhost.evil.example" } },
    { what: "another site's name in the address", status: 421, method, url: `http://evil.example${path}` },
    { what: "a Host that is none", status: 421, method, headers: { host: "localhost/../@x" } },
    {
      what: "another site's name in Host, our own in X-Forwarded-Host",
      status: 421,
      method,
      headers: { host: "evil.example", "x-forwarded-host": "localhost", "x-forwarded-for": "127.0.0.1" },
    },
    { what: "a long address", status: 414, method, url: `http://localhost${path}?x=${"y".repeat(5_000)}` },
    { what: "long headers", status: 431, method, headers: { "x-long": "y".repeat(20_000) } },
    ...STRANGE_METHODS.filter((strange) => !methods.includes(strange)).map((strange) => ({
      what: strange,
      status: 405,
      method: strange,
    })),
  ];
  // The login is right: it is not why they are refused.
  return all.map((bad) => ({ ...bad, headers: { ...RIGHT, ...bad.headers } }));
}

/** What is refused where something is written. */
function badForWrites(method: string): Bad[] {
  const huge = { headers: { ...RIGHT, ...JSON_TYPE }, status: 413 } as const;
  return [
    { what: "no login", status: 401, method },
    { what: "a wrong login", status: 401, method, headers: { authorization: basic("ada:wrong") } },
    { what: "a login that is none", status: 401, method, headers: { authorization: "Basic \x7f" } },
    { what: "another site's Origin", status: 403, method, headers: { ...RIGHT, origin: "http://evil.example" } },
    { what: "an opaque Origin", status: 403, method, headers: { ...RIGHT, origin: "null" } },
    { what: "another site's fetch", status: 403, method, headers: { ...RIGHT, "sec-fetch-site": "cross-site" } },
    { what: "its own page without a token", status: 403, method, headers: { ...RIGHT, origin: "http://localhost" } },
    { what: "a huge body", ...huge, method, body: "x".repeat(100_000) },
    { what: "a huge body without a length", ...huge, method, body: ReadableStream.from(streamed(100_000)) },
  ];
}

async function assertRefused(app: WebApp, { path, bad }: { path: string; bad: Bad }): Promise<void> {
  const { method = "GET", url = `http://localhost${path}`, headers = {}, body = null } = bad;
  const response = await app.request(url, { method, headers, ...(body === null ? {} : { body }) });
  const text = await response.text();
  const statuses = [bad.status].flat();
  assert.ok(statuses.includes(response.status), `${bad.what}: ${response.status} ${text}`);
  if (method === "HEAD") return assert.equal(text, "");
  assert.equal(response.headers.get("content-type"), "application/problem+json; charset=utf-8", bad.what);
  const problem = JSON.parse(text);
  assert.deepEqual([problem.type, problem.status], ["about:blank", response.status]);
  assert.ok(problem.title.length > 0 && problem.detail.length > 0);
  assert.doesNotMatch(text, /\.tsx?\b|node_modules|file:\/\/|\/tmp\/|secret-pass/, bad.what);
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  if (response.status === 405) assert.match(response.headers.get("allow") ?? "", /OPTIONS$/);
  if (response.status === 401) assert.match(response.headers.get("www-authenticate") ?? "", /^Basic /);
}

/** Every route that the app was given, whatever its own table of routes knows. What answers all methods is no route. */
function routesOf({ routes }: WebApp): KnownRoute[] {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes.filter(({ method }) => method !== "ALL")) {
    methods.set(path, [...methods.get(path) ?? [], ...method === "GET" ? ["GET", "HEAD"] : [method]]);
  }
  return [...methods].map(([pattern, own]) => ({ pattern, methods: [...new Set(own), "OPTIONS"] }));
}

const byPattern = (routes: readonly KnownRoute[]) =>
  routes.map(({ pattern, methods }) => `${pattern} ${methods.toSorted()}`).sort();

Deno.test("every route that the app was given is in its table, with its methods, and no handler stands beside them", () => {
  using services = testServices();
  const routes = routesOf(services.app);
  assert.ok(routes.length >= 30, String(routes.length));
  assert.deepEqual(byPattern(new RouteTable(services.app.routes).list()), byPattern(routes));
  const handlers = inspectRoutes(services.app).filter(({ isMiddleware }) => !isMiddleware);
  assert.deepEqual(handlers.filter(({ method }) => method === "ALL"), []);
});

Deno.test("every route refuses bad input with the right status and a problem, and nothing is changed", async (t) => {
  using services = testServices({ env: LOGIN });
  fillTwoCycles(services);
  const before = dump(services.database.db);
  for (const route of routesOf(services.app)) {
    const write = route.methods.find((method) => !READS.includes(method));
    const cases = [...badForAll(route), ...(write === undefined ? [] : badForWrites(write))];
    await t.step(`${route.methods.join("/")} ${route.pattern}: ${cases.length} ways`, async () => {
      // Its own app: wrong logins slow down only what follows on this route.
      const app = createWebApp(services.services);
      for (const bad of cases) await assertRefused(app, { path: addressOf(route.pattern), bad });
      assert.equal(dump(services.database.db), before);
    });
  }
});

Deno.test("every write is refused where no password is configured, and the reason is told", async () => {
  using services = testServices();
  const before = dump(services.database.db);
  for (const { pattern, methods } of routesOf(services.app)) {
    const method = methods.find((one) => !READS.includes(one));
    if (method === undefined) continue;
    const bad = { what: `${method} ${pattern}`, status: 403, method, headers: { authorization: basic("a:b") } };
    await assertRefused(services.app, { path: addressOf(pattern), bad });
  }
  assert.equal(dump(services.database.db), before);
});

Deno.test("DASH_AUTH=all: every route but /healthz needs the login, those that there are not too", async () => {
  using services = testServices({ env: { ...LOGIN, DASH_AUTH: "all" } });
  const all = [...routesOf(services.app), { pattern: "/nothing", methods: ["GET"] }];
  for (const authorization of [undefined, basic("ada:wrong")]) {
    for (const { pattern, methods } of all.filter(({ pattern }) => pattern !== "/healthz")) {
      const app = createWebApp(services.services);
      for (const method of methods) {
        const headers = authorization === undefined ? {} : { authorization };
        const response = await app.request(addressOf(pattern), { method, headers });
        assert.ok([401, 429].includes(response.status), `${method} ${pattern}: ${response.status}`);
        await response.body?.cancel();
      }
    }
  }
});

Deno.test("wrong types in the parameters and bodies that the document tells are refused as it says", async (t) => {
  using services = testServices({ env: LOGIN });
  fillTwoCycles(services);
  const before = dump(services.database.db);
  const conformance = new Conformance(await (await services.app.request("/api/openapi.json")).json());
  for (const { method, path, operation } of conformance.operations()) {
    const concrete = path.replaceAll(/\{\w+\}/g, "1");
    const refused = async (url: string, init: RequestInit, statuses: number[]) => {
      const response = await services.app.request(url, { method: method.toUpperCase(), ...init });
      assert.ok(statuses.includes(response.status), `${url}: ${response.status}`);
      await conformance.check(response, { method, path });
    };
    await t.step(`${method} ${path}`, async () => {
      for (const parameter of operation.parameters) {
        const { schema, name } = parameter;
        if (schema["type"] === "string" && schema["format"] === undefined && schema["enum"] === undefined) continue;
        for (const wrong of ["", "x'; DROP TABLE runs;--", "-1", "1e9", "9".repeat(30), "\u0000", "2026-02-30"]) {
          const value = encodeURIComponent(wrong);
          if (parameter.in === "query") await refused(`${concrete}?${name}=${value}`, { headers: RIGHT }, [400]);
          else if (wrong !== "") await refused(path.replace(`{${name}}`, value), { headers: RIGHT }, [400, 404]);
        }
      }
      if (operation.requestBody === undefined) return;
      const headers = { ...RIGHT, ...JSON_TYPE };
      for (const body of ["", "{", "NaN", "\u0000"]) await refused(concrete, { body, headers }, [400]);
      for (const body of ["null", "[]", "1", '"x"', "{}", '{"__proto__":{"effective_budget_cents":1}}']) {
        await refused(concrete, { body, headers }, [422]);
      }
      await refused(concrete, { body: "{}", headers: { ...headers, "content-type": "text/plain" } }, [415]);
    });
  }
  assert.equal(dump(services.database.db), before);
});
