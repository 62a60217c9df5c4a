import { bodyGuard } from "../../../ui/web/request_body.ts";
import { Hono } from "@hono/hono";
import assert from "node:assert/strict";

const bytes = (count: number) => new Uint8Array(count);

async function post(body: BodyInit, withinMs = 10_000) {
  const app = new Hono();
  app.use(bodyGuard({ maxBytes: 10, withinMs }));
  app.post("/", async (context) => context.text(`took ${(await context.req.arrayBuffer()).byteLength}`));
  const response = await app.request(new Request("http://localhost/", { method: "POST", body }));
  return { status: response.status, connection: response.headers.get("connection"), body: response.body };
}

Deno.test("a body within the limit reaches the route whole", async () => {
  const { status, connection, body } = await post(ReadableStream.from([bytes(4), bytes(6)]));
  assert.deepEqual([status, connection], [200, null]);
  assert.equal(await new Response(body).text(), "took 10");
});

Deno.test("a body that is too long is refused; one that is read to its end keeps the connection", async () => {
  const { status, connection } = await post(ReadableStream.from([bytes(11)]));
  assert.deepEqual([status, connection], [413, null]);
});

Deno.test("a body that never ends is refused, and the connection is closed after the answer", async () => {
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(bytes(65_536)) });
  const { status, connection, body } = await post(endless);
  assert.deepEqual([status, connection], [413, "close"]);
  assert.equal((await new Response(body).json()).status, 413);
});

Deno.test("a body that does not arrive in time is refused, and the connection is closed after the answer", async () => {
  const silent = new ReadableStream({ start: (controller) => controller.enqueue(bytes(1)) });
  const { status, connection } = await post(silent, 1);
  assert.deepEqual([status, connection], [408, "close"]);
});

Deno.test("a body that breaks off is refused", async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) });
  assert.equal((await post(broken)).status, 400);
});
