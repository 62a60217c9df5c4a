import { Listener } from "../../compose/listener.ts";
import { bodyGuard, endUnread, RequestBodies } from "../../ui/web/request_body.ts";
import { FakeLog } from "../fake_log.ts";
import { testServices } from "../ui/services_harness.ts";
import { RawClient } from "./raw_client.ts";
import { Hono } from "@hono/hono";
import assert from "node:assert/strict";

const ignore = Deno.build.os !== "linux";
const PATIENCE = { sweepMs: 20, silentSweeps: 3, idleSweeps: 6, mostConnections: 100 };
const HEAD = "GET / HTTP/1.1\r\nHost: localhost\r\n";

/** A listener whose /stream goes on until its client leaves, and whose other addresses answer at once. */
function testListener() {
  const log = new FakeLog();
  const answer = (request: Request) => {
    if (!request.url.endsWith("/stream")) return new Response("hello");
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
    });
    return Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
  };
  const listener = new Listener({ hostname: "127.0.0.1", port: 0, log, patience: PATIENCE, answer });
  return { listener, log, port: listener.addr.port };
}

/** Asks until the port is open again, for it is closed for a moment. */
async function answerOf(port: number): Promise<string> {
  for (;;) {
    try {
      return await (await fetch(`http://127.0.0.1:${port}/`)).text();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
}

Deno.test({
  name: "clients that are silent, stop within their headers or idle are cut off, and the port answers again",
  ignore,
  async fn() {
    const { listener, log, port } = testListener();
    using silent = await RawClient.connect(port);
    using partial = await RawClient.connect(port);
    using idle = await RawClient.connect(port);
    await partial.write(HEAD);
    await idle.write(`${HEAD}\r\n`);
    assert.equal(await silent.closed, "");
    assert.equal(await partial.closed, "");
    assert.match(await idle.closed, /^HTTP\/1.1 200 OK[^]*hello$/);
    assert.equal(await answerOf(port), "hello");
    assert.ok(log.events().includes("http.slow_clients_cut_off"));
    await listener.shutdown();
  },
});

Deno.test({
  name: "headers that trickle in do not keep a connection",
  ignore,
  async fn() {
    const { listener, port } = testListener();
    using client = await RawClient.connect(port);
    await client.write(HEAD);
    let isOpen = true;
    const trickle = (async () => {
      while (isOpen) await client.write("x: 1\r\n").then(() => new Promise((resolve) => setTimeout(resolve, 5)));
    })().catch(() => undefined);
    assert.equal(await client.closed, "");
    isOpen = false;
    await trickle;
    await listener.shutdown();
  },
});

Deno.test({
  name: "a stream of events alone is left in peace",
  ignore,
  async fn() {
    const { listener, log, port } = testListener();
    using stream = await RawClient.connect(port);
    await stream.write("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await stream.until("data: 1");
    let looks = 0;
    const peersOf = () => {
      looks++;
      return Promise.resolve(new Set<string>());
    };
    const other = new Listener({
      hostname: "127.0.0.1",
      port: 0,
      log,
      patience: PATIENCE,
      answer: () => new Response(),
      peersOf,
    });
    // Its looks measure the time that the stream has lived through.
    while (looks < 10) await answerOf(other.addr.port);
    assert.deepEqual(log.events(), []);
    stream[Symbol.dispose]();
    await listener.shutdown();
    await other.shutdown();
  },
});

Deno.test("a method that no request object can have is refused as any other", async () => {
  using services = testServices();
  const { log } = services.services;
  const listener = new Listener({
    hostname: "127.0.0.1",
    port: 0,
    log,
    answer: (request) => services.app.fetch(request),
  });
  using client = await RawClient.connect(listener.addr.port);
  await client.write("TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assert.match(await client.until('"status":'), /^HTTP\/1.1 405 /);
  client[Symbol.dispose]();
  await listener.shutdown();
});

for (
  const [name, head, piece] of [["with a length", "content-length: 1000", "x"], [
    "in chunks",
    "transfer-encoding: chunked",
    "1\r\nx\r\n",
  ]] as const
) {
  const about = `a body ${name} that trickles in is refused in full, and its connection closed`;
  Deno.test({
    name: about,
    ignore,
    fn: async () => {
      const bodies = new RequestBodies({ maxBytes: 4_096, withinMs: 50 });
      const app = new Hono();
      app.use(bodyGuard(bodies));
      const answer = async (request: Request) =>
        await endUnread(request, { response: await app.fetch(request), bodies });
      const listener = new Listener({
        hostname: "127.0.0.1",
        port: 0,
        log: new FakeLog(),
        answer,
        patience: { ...PATIENCE, idleSweeps: 1_000_000 },
      });
      using client = await RawClient.connect(listener.addr.port);
      await client.write(`POST / HTTP/1.1\r\nHost: localhost\r\n${head}\r\n\r\n${piece}`);
      const text = await client.closed;
      assert.match(text, /^HTTP\/1.1 408 /);
      assert.match(text, /"status":408/);
      await listener.shutdown();
    },
  });
}
