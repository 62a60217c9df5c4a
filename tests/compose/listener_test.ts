import { Listener } from "../../compose/listener.ts";
import type { Connection, Fetch } from "../../ui/web/exchange.ts";
import { bodyGuard } from "../../ui/web/request_body.ts";
import { FakeLog } from "../fake_log.ts";
import { testServices } from "../ui/services_harness.ts";
import { RawClient } from "./raw_client.ts";
import { Hono } from "@hono/hono";
import assert from "node:assert/strict";

const PATIENCE = { requestMs: 60, idleMs: 500, lookMs: 10 };
const HEAD = "GET / HTTP/1.1\r\nHost: localhost\r\n";
const STREAM = "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
const BIG = new Uint8Array(12_000_000).fill(0x61);

/** A listener whose /stream gives signs of life until its client leaves, and whose other addresses answer at once. */
async function testListener(
  { patience = PATIENCE, fetch }: {
    patience?: Partial<typeof PATIENCE & { mostConnections: number }>;
    fetch?: Fetch;
  } = {},
) {
  const log = new FakeLog();
  const left = Promise.withResolvers<void>();
  const streams = (request: Request) => {
    if (request.url.endsWith("/big")) return new Response(BIG);
    if (!request.url.endsWith("/stream")) return new Response("hello");
    let beat: ReturnType<typeof setInterval> | undefined;
    const body = new ReadableStream({
      start(controller) {
        const tell = () => controller.enqueue(new TextEncoder().encode("data: 1\n\n"));
        tell();
        beat = setInterval(tell, 10);
      },
      cancel() {
        clearInterval(beat);
        left.resolve();
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  const answer = { atOnce: () => null, load: () => Promise.resolve(fetch ?? streams) };
  const listener = await Listener.open({ hostname: "127.0.0.1", port: 0, log, patience, answer });
  const { port } = listener.addr;
  return { log, port, left: left.promise, listener, [Symbol.asyncDispose]: () => listener.shutdown() };
}

Deno.test("clients that are silent, stop within their headers or idle are closed, and nobody else", async () => {
  await using server = await testListener();
  using stream = await RawClient.connect(server.port);
  await stream.write(STREAM);
  await stream.until("data: 1");
  using silent = await RawClient.connect(server.port);
  using partial = await RawClient.connect(server.port);
  using idle = await RawClient.connect(server.port);
  await partial.write(HEAD);
  await idle.write(`${HEAD}\r\n`);
  assert.match(await silent.closed, /^HTTP\/1.1 408 /);
  assert.match(await partial.closed, /^HTTP\/1.1 408 /);
  assert.match(await idle.closed, /^HTTP\/1.1 200 OK[^]*hello$/);
  using other = await RawClient.connect(server.port);
  await other.write(`${HEAD}\r\n`);
  assert.match(await other.until("hello"), /^HTTP\/1.1 200 OK/);
  assert.equal(stream.isClosed, false);
  assert.deepEqual(server.log.events(), []);
});

Deno.test("headers that trickle in do not keep a connection", async () => {
  await using server = await testListener();
  using client = await RawClient.connect(server.port);
  await client.write(HEAD);
  await using _trickle = client.trickle("x: 1\r\n");
  assert.match(await client.closed, /^HTTP\/1.1 408 /);
});

Deno.test("a connection that was idle has no longer for its next request than a new one", async () => {
  await using server = await testListener({ patience: { ...PATIENCE, idleMs: 60_000 } });
  using client = await RawClient.connect(server.port);
  await client.write(`${HEAD}\r\n${HEAD}`);
  assert.match(await client.closed, /hello[^]*HTTP\/1.1 408 /);
});

Deno.test("if many are open, those between two requests are closed, and those that are answered are not", async () => {
  await using server = await testListener({ patience: { requestMs: 60_000, idleMs: 60_000, mostConnections: 3 } });
  using stream = await RawClient.connect(server.port);
  await stream.write(STREAM);
  await stream.until("data: 1");
  using first = await RawClient.connect(server.port);
  using second = await RawClient.connect(server.port);
  for (const idle of [first, second]) {
    await idle.write(`${HEAD}\r\n`);
    await idle.until("hello");
  }
  using fourth = await RawClient.connect(server.port);
  assert.match(await first.closed, /hello$/);
  assert.match(await second.closed, /hello$/);
  await fourth.write(`${HEAD}\r\n`);
  await fourth.until("hello");
  assert.equal(stream.isClosed, false);
});

Deno.test("a stream of events alone is left in peace, and is told when its client leaves", async () => {
  await using server = await testListener();
  using stream = await RawClient.connect(server.port);
  await stream.write(STREAM);
  await stream.until("data: 1");
  // Each of these measures the time that the stream has lived through.
  for (let round = 0; round < 2; round++) {
    using idle = await RawClient.connect(server.port);
    await idle.write(`${HEAD}\r\n`);
    await idle.closed;
  }
  assert.equal(stream.isClosed, false);
  stream[Symbol.dispose]();
  await server.left;
});

Deno.test("a stream that breaks ends its connection, and is no failure of the server", async () => {
  const broken: Fetch = () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("The reader is too slow")) });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  await using server = await testListener({ fetch: broken });
  using client = await RawClient.connect(server.port);
  await client.write(STREAM);
  assert.doesNotMatch(await client.closed, /too slow/);
  assert.deepEqual(server.log.events(), []);
});

Deno.test("a client that takes nothing of its answer is closed, and one that takes it slowly gets all of it", async () => {
  await using server = await testListener({ patience: { requestMs: 60_000, idleMs: 300 } });
  using deaf = await RawClient.connect(server.port, { reads: false });
  using slow = await RawClient.connect(server.port, { reads: false });
  for (const client of [deaf, slow]) await client.write("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const taken = await slow.readSlowly({ bytes: BIG.byteLength, pieces: 60, withinMs: 1_200 });
  assert.ok(taken >= BIG.byteLength, String(taken));
  const rest = await deaf.readAll();
  assert.ok(rest < BIG.byteLength, String(rest));
});

Deno.test("a method that no request object can have is refused as any other", async () => {
  using services = testServices();
  await using server = await testListener({ fetch: services.app.fetch });
  using client = await RawClient.connect(server.port);
  await client.write("TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assert.match(await client.until('"status":'), /^HTTP\/1.1 405 /);
});

for (
  const [name, head, piece] of [
    ["with a length", "content-length: 1000", "x"],
    ["in chunks", "transfer-encoding: chunked", "1\r\nx\r\n"],
  ] as const
) {
  Deno.test(`a body ${name} that trickles in is refused in full, and its connection closed`, async () => {
    const app = new Hono();
    app.use(bodyGuard({ maxBytes: 4_096, withinMs: 50 }));
    await using server = await testListener({ patience: { requestMs: 60_000, idleMs: 60_000 }, fetch: app.fetch });
    using client = await RawClient.connect(server.port);
    await client.write(`POST / HTTP/1.1\r\nHost: localhost\r\n${head}\r\n\r\n`);
    await using _trickle = client.trickle(piece);
    const text = await client.closed;
    assert.match(text, /^HTTP\/1.1 408 /);
    assert.match(text, /"status":408/);
  });

  Deno.test(`a read whose body ${name} trickles in is answered, and its connection closed`, async () => {
    await using server = await testListener({ patience: { requestMs: 60_000, idleMs: 60_000 } });
    using client = await RawClient.connect(server.port);
    await client.write(`${HEAD}${head}\r\n\r\n`);
    await using _trickle = client.trickle(piece);
    assert.match(await client.closed, /^HTTP\/1.1 200 OK[^]*hello$/);
  });
}

Deno.test("a body that nobody reads does not keep the connection", async () => {
  await using server = await testListener({ patience: { requestMs: 60_000, idleMs: 60_000 } });
  using client = await RawClient.connect(server.port);
  await client.write("POST / HTTP/1.1\r\nHost: localhost\r\ncontent-length: 1000\r\n\r\n");
  await using _trickle = client.trickle("x");
  assert.match(await client.closed, /^HTTP\/1.1 200 OK[^]*hello$/);
});

Deno.test("what is no HTTP, or far too long, is refused by the listener", async () => {
  await using server = await testListener();
  const statusOf = async (text: string) => {
    using client = await RawClient.connect(server.port);
    await client.write(text);
    return (await client.closed).slice(9, 12);
  };
  assert.equal(await statusOf("\x16\x03\x01\r\n\r\n"), "400");
  assert.equal(await statusOf("GET / HTTP/1.1\r\n\r\n"), "400");
  assert.equal(await statusOf(`${HEAD}x: ${"y".repeat(20_000)}\r\n\r\n`), "431");
  assert.equal(await statusOf("GET / HTTP/1.0\r\n\r\n"), "200");
});

Deno.test("an address or a Host that no URL has is refused with a problem", async () => {
  await using server = await testListener();
  for (const request of ["GET / HTTP/1.1\r\nHost: a/../b\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"]) {
    using client = await RawClient.connect(server.port);
    await client.write(request);
    assert.match(await client.until('"status":400'), /^HTTP\/1.1 400 [^]*application\/problem\+json/);
  }
});

Deno.test("an answer that fails is a problem for its client and a line in the log", async () => {
  await using server = await testListener({ fetch: () => Promise.reject(new Error("the disk is gone")) });
  const response = await fetch(`http://127.0.0.1:${server.port}/`);
  assert.deepEqual([response.status, (await response.json()).title], [500, "Internal error"]);
  assert.deepEqual(server.log.entries, [
    { level: "error", event: "http.failed", fields: { error: "the disk is gone" } },
  ]);
});

Deno.test("what is at hand is answered without loading the rest", async () => {
  const body = new TextEncoder().encode("at hand");
  const answer = {
    atOnce: ({ url }: { url: string }) => url.endsWith("/x") ? { status: 200, headers: { a: "b" }, body } : null,
    load: () => Promise.reject(new Error("not there")),
  };
  const log = new FakeLog();
  const listener = await Listener.open({ hostname: "127.0.0.1", port: 0, log, answer });
  const response = await fetch(`http://127.0.0.1:${listener.addr.port}/x`);
  assert.deepEqual([response.status, response.headers.get("a"), await response.text()], [200, "b", "at hand"]);
  const failed = await fetch(`http://127.0.0.1:${listener.addr.port}/y`);
  assert.equal(failed.status, 500);
  await failed.body?.cancel();
  await listener.shutdown();
  assert.ok(log.events().includes("http.failed"));
});

Deno.test("what is at hand and cannot be told is a failure of that answer alone", async () => {
  const answer = {
    atOnce: ({ url }: { url: string }) => {
      if (url.endsWith("/x")) throw new Error("the disk is gone");
      return { status: 200, headers: {}, body: null };
    },
    load: () => Promise.reject(new Error("not asked for")),
  };
  const log = new FakeLog();
  await using listener = await Listener.open({ hostname: "127.0.0.1", port: 0, log, answer });
  const statusOf = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${listener.addr.port}${path}`);
    await response.body?.cancel();
    return response.status;
  };
  assert.deepEqual([await statusOf("/x"), await statusOf("/y")], [500, 200]);
  assert.deepEqual(log.events(), ["http.failed"]);
});

Deno.test("clients that leave within their body, or before their answer, are no failure of the server", async () => {
  const [asked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const app = new Hono();
  app.use(bodyGuard());
  app.get("/slow", async (context) => {
    asked.resolve();
    await gate.promise;
    return context.text("late");
  });
  app.all("/", (context) => context.text("hello"));
  await using server = await testListener({ patience: { requestMs: 60_000, idleMs: 60_000 }, fetch: app.fetch });
  using waiting = await RawClient.connect(server.port);
  await waiting.write("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await asked.promise;
  waiting[Symbol.dispose]();
  using sending = await RawClient.connect(server.port);
  await sending.write("POST / HTTP/1.1\r\nHost: localhost\r\ncontent-length: 100\r\n\r\nabc");
  sending[Symbol.dispose]();
  using after = await RawClient.connect(server.port);
  await after.write(`${HEAD}\r\n`);
  await after.until("hello");
  gate.resolve();
  await after.write(`POST / HTTP/1.1\r\nHost: localhost\r\ncontent-length: 3\r\n\r\nabc`);
  await after.until("hello");
  assert.deepEqual(server.log.events(), []);
});

Deno.test("the app is told who asks", async () => {
  const seen: (Connection | undefined)[] = [];
  const tell: Fetch = (_request, connection) => {
    seen.push(connection);
    return new Response();
  };
  await using server = await testListener({ fetch: tell });
  await (await fetch(`http://127.0.0.1:${server.port}/`)).body?.cancel();
  assert.deepEqual(seen, [{ remoteAddr: { hostname: "127.0.0.1" } }]);
});

Deno.test("a shutdown lets answers end, and waits for nobody who only holds a connection", async () => {
  const [asked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow: Fetch = async () => {
    asked.resolve();
    await gate.promise;
    return new Response("late");
  };
  const server = await testListener({ patience: { requestMs: 60_000, idleMs: 60_000 }, fetch: slow });
  using silent = await RawClient.connect(server.port);
  using asking = await RawClient.connect(server.port);
  await asking.write(`${HEAD}\r\n`);
  using partial = await RawClient.connect(server.port);
  await partial.write(HEAD);
  await asked.promise;
  const down = server.listener.shutdown();
  gate.resolve();
  await down;
  assert.match(await asking.closed, /late$/);
  assert.deepEqual([await silent.closed, await partial.closed], ["", ""]);
  await assert.rejects(RawClient.connect(server.port));
});

Deno.test("a port that is taken and an address that is not ours are told by Node's code", async () => {
  await using server = await testListener();
  const open = (hostname: string, port: number) =>
    Listener.open({ hostname, port, log: new FakeLog(), answer: { atOnce: () => null, load: () => Promise.reject() } });
  await assert.rejects(open("127.0.0.1", server.port), { code: "EADDRINUSE" });
  await assert.rejects(open("192.0.2.1", 0));
});
