import { VERSION } from "../../../domain/version.ts";
import { fillTwoCycles, type TestServices, testServices } from "../services_harness.ts";
import { Conformance } from "./conformance.ts";
import { Validator } from "@seriousme/openapi-schema-validator";
import assert from "node:assert/strict";

async function documentOf({ app }: Pick<TestServices, "app">) {
  const response = await app.request("/api/openapi.json");
  assert.equal(response.status, 200);
  return await response.json();
}

Deno.test("/api/openapi.json is a valid document of OpenAPI 3.1", async () => {
  using services = testServices();
  const json = await documentOf(services);
  assert.equal(json.openapi, "3.1.0");
  assert.deepEqual([json.info.title, json.info.version], ["tracker", VERSION]);
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(json));
  assert.deepEqual([valid, errors], [true, undefined]);
});

Deno.test("the validator finds a document that is not valid", async () => {
  using services = testServices();
  const json = await documentOf(services);
  delete json.info.title;
  assert.equal((await new Validator().validate(json)).valid, false);
});

Deno.test("the document has every route of the API, and no other", async () => {
  using services = testServices();
  const documented = new Conformance(await documentOf(services)).operations()
    .map(({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`);
  const served = services.app.routes
    .filter(({ method, path }) =>
      method !== "ALL" && (/^\/api\/(?!docs$)/.test(path) || /^\/(healthz|metrics)$/.test(path))
    )
    .map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(new Set(documented), new Set(served));
});

Deno.test("each operation has a name of its own, tells who may ask, and what is refused as a problem", async () => {
  using services = testServices();
  const conformance = new Conformance(await documentOf(services));
  const operations = conformance.operations();
  const ids = operations.map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const { method, path, operation } of operations) {
    const refusals = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
    for (const [status, { content }] of refusals) {
      const isHealth = path === "/healthz" && status === "503";
      assert.deepEqual(Object.keys(content ?? {}), [isHealth ? "application/json" : "application/problem+json"]);
    }
    assert.ok(refusals.some(([status]) => status === "421"), `${method} ${path}`);
    const isWrite = method !== "get";
    assert.deepEqual(operation.security.some((one) => Object.keys(one).length === 0), !isWrite && path !== "/healthz");
    if (isWrite) assert.deepEqual(operation.security, [{ basic: [] }]);
  }
});

Deno.test("each example in the document fits its own schema", async () => {
  using services = testServices();
  const conformance = new Conformance(await documentOf(services));
  let examples = 0;
  for (const { method, path, operation } of conformance.operations()) {
    const bodies = [
      operation.requestBody?.content,
      ...Object.values(operation.responses).map(({ content }) => content),
    ];
    for (const [type, media] of bodies.flatMap((content) => Object.entries(content ?? {}))) {
      if (!type.includes("json")) continue;
      assert.notEqual(media.example, undefined, `${method} ${path}: ${type}`);
      conformance.checkValue(media.example, { schema: media.schema ?? {}, what: `${method} ${path}` });
      examples++;
    }
  }
  assert.ok(examples > 100, String(examples));
});

Deno.test("every read answers what the document says, with figures and without", async (t) => {
  for (const isFilled of [false, true]) {
    using services = testServices();
    if (isFilled) fillTwoCycles(services);
    const conformance = new Conformance(await documentOf(services));
    for (const { method, path } of conformance.operations().filter(({ method }) => method === "get")) {
      await t.step(`${path} ${isFilled ? "with figures" : "empty"}`, async () => {
        const response = await services.app.request(path.replaceAll(/\{\w+\}/g, "1"));
        await conformance.check(response, { method, path });
      });
    }
  }
});
