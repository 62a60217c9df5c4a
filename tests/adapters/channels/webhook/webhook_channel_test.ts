import { webhookChannel, type WebhookSettings } from "../../../../adapters/channels/webhook/channel.ts";
import { type Channel, DeliveryFailed } from "../../../../domain/alerts/notification.ts";
import { secret } from "../../../../domain/config.ts";
import { renderMessage } from "../../../../ui/messages/render.ts";
import { FakeTime } from "../../../fake_time.ts";
import { MESSAGES } from "../../../ui/messages/messages.ts";
import assert from "node:assert/strict";

const MESSAGE = renderMessage(MESSAGES.opened);
const PATH = "/services/T0/B0/secret-path-0123456789";
const calm = () => new AbortController().signal;

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A server that notes what it gets and answers as told. */
function receiver(answer: (request: Request) => Response | Promise<Response> = () => new Response("ok")) {
  const received: Received[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { method, headers, url } = request;
    received.push({ method, path: new URL(url).pathname, headers, body: await request.text() });
    return await answer(request);
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  return { received, origin, [Symbol.asyncDispose]: () => server.shutdown() };
}

function channelTo(url: string, settings: Partial<WebhookSettings> & { timeoutMs?: number } = {}): Channel {
  const { timeoutMs = 10_000, ...rest } = settings;
  const clock = new FakeTime("2026-11-21T19:16:07.900Z");
  const channel = webhookChannel({ url: secret(url), secret: null, format: "json", ...rest }, { clock, timeoutMs });
  return channel ?? assert.fail("the channel is configured");
}

async function failureOf(work: Promise<void>): Promise<DeliveryFailed> {
  const error = await work.then(() => null, (error: unknown) => error);
  if (error instanceof DeliveryFailed) return error;
  throw new assert.AssertionError({ message: `DeliveryFailed was expected: ${String(error)}` });
}

/** The documented recipe, by another implementation of HMAC than the program's. */
async function verify({ headers, body }: Received, key: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const signed = `${headers.get("webhook-id")}.${headers.get("webhook-timestamp")}.${body}`;
  const signature = Uint8Array.fromBase64(headers.get("webhook-signature")?.replace(/^v1,/, "") ?? "");
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, hmac, false, ["verify"]);
  // Compares in constant time.
  return await crypto.subtle.verify("HMAC", imported, signature, new TextEncoder().encode(signed));
}

Deno.test("a message is posted as JSON, signed so that an independent computation verifies it", async () => {
  await using server = receiver();
  const channel = channelTo(`${server.origin}${PATH}`, { secret: secret("a secret of some length") });
  assert.equal(channel.target, `${server.origin}/…`);
  await channel.send(MESSAGE, { signal: calm() });
  const [request] = server.received;
  assert.ok(request !== undefined);
  assert.deepEqual([request.method, request.path], ["POST", PATH]);
  assert.equal(request.headers.get("content-type"), "application/json; charset=utf-8");
  assert.equal(request.headers.get("idempotency-key"), "threshold.1@tracker");
  assert.equal(request.headers.get("webhook-id"), "threshold.1@tracker");
  assert.equal(request.headers.get("webhook-timestamp"), "1795288567");
  const key = new TextEncoder().encode("a secret of some length");
  assert.equal(await verify(request, key), true);
  assert.equal(await verify({ ...request, body: request.body.replace("$10.00", "$99.00") }, key), false);
  assert.equal(await verify(request, new TextEncoder().encode("another secret")), false);
  const body = JSON.parse(request.body);
  assert.deepEqual(body, MESSAGE.json);
});

Deno.test("a secret with whsec_ signs with the bytes that it encodes, as Standard Webhooks has it", async () => {
  await using server = receiver();
  await channelTo(server.origin, { secret: secret("whsec_AAECAwQFBgcICQoLDA0ODw==") }).send(MESSAGE, {
    signal: calm(),
  });
  const [request] = server.received;
  assert.ok(request !== undefined);
  assert.equal(await verify(request, new Uint8Array(16).map((_, index) => index)), true);
});

Deno.test("without a secret nothing is signed", async () => {
  await using server = receiver();
  await channelTo(server.origin).send(MESSAGE, { signal: calm() });
  assert.equal(server.received[0]?.headers.has("webhook-signature"), false);
});

Deno.test("Slack gets its own format, in which a text can call nobody", async () => {
  await using server = receiver();
  const evil = { ...MESSAGES.opened, subject: "<!channel> & <https://evil.test|here> @everyone" };
  await channelTo(server.origin, { format: "slack" }).send(renderMessage(evil), { signal: calm() });
  const { text, ...others } = JSON.parse(server.received[0]?.body ?? "");
  assert.deepEqual(others, { unfurl_links: false });
  assert.equal(
    text.split("\n")[0],
    "*&lt;!channel&gt; &amp; &lt;https://evil.test|here&gt; @\u200beveryone*",
  );
  assert.match(text, /<http:\/\/tracker\.lan:8787\/\|Open the dashboard>$/);
});

Deno.test("the answer decides: 2xx is taken, passing states are tried again, other 4xx are final", async () => {
  const cases: [number, boolean | null][] = [
    [200, null],
    [202, null],
    [204, null],
    [408, false],
    [425, false],
    [429, false],
    [500, false],
    [503, false],
    [400, true],
    [401, true],
    [404, true],
    [410, true],
  ];
  for (const [status, isPermanent] of cases) {
    await using server = receiver(() => new Response(status === 204 ? null : "no_service", { status }));
    const sending = channelTo(`${server.origin}${PATH}`).send(MESSAGE, { signal: calm() });
    if (isPermanent === null) {
      await sending;
      continue;
    }
    const failure = await failureOf(sending);
    assert.equal(failure.isPermanent, isPermanent, String(status));
    assert.match(failure.message, new RegExp(`with status ${status}: no_service$`));
    assert.ok(failure.hint);
  }
});

Deno.test("Retry-After is noted, in seconds or as a date, up to six hours", async () => {
  const cases: [string, number | null][] = [
    ["30", 30_000],
    ["Sat, 21 Nov 2026 19:17:07 GMT", 59_100],
    ["999999", 6 * 60 * 60_000],
    ["soon", null],
  ];
  for (const [header, expected] of cases) {
    await using server = receiver(() => new Response("slow down", { status: 429, headers: { "retry-after": header } }));
    const failure = await failureOf(channelTo(server.origin).send(MESSAGE, { signal: calm() }));
    assert.equal(failure.retryAfterMs, expected, header);
  }
});

Deno.test("a redirect is not followed: the message goes nowhere else", async () => {
  await using other = receiver();
  await using server = receiver(() => Response.redirect(`${other.origin}/elsewhere`, 307));
  const failure = await failureOf(channelTo(`${server.origin}${PATH}`).send(MESSAGE, { signal: calm() }));
  assert.match(failure.message, /redirects \(status 307\)/);
  assert.equal(failure.isPermanent, false);
  assert.deepEqual(other.received, []);
});

Deno.test("a server that is slow to answer, or never ends its answer, is given up on", async () => {
  const gate = Promise.withResolvers<void>();
  await using server = receiver(async () => {
    await gate.promise;
    return new Response("late");
  });
  const failure = await failureOf(channelTo(server.origin, { timeoutMs: 200 }).send(MESSAGE, { signal: calm() }));
  gate.resolve();
  assert.equal(failure.message, `Cannot reach the webhook at ${server.origin}: it did not answer in time`);
  assert.equal(failure.isPermanent, false);
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1_000).fill(65)) });
  await using flood = receiver(() => new Response(endless, { status: 500 }));
  const flooded = await failureOf(channelTo(flood.origin).send(MESSAGE, { signal: calm() }));
  assert.ok(flooded.message.length < 300);
});

Deno.test("an abort ends the request with its own reason", async () => {
  const arrived = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  await using server = receiver(async () => {
    arrived.resolve();
    await gate.promise;
    return new Response("late");
  });
  const controller = new AbortController();
  const sending = channelTo(server.origin).send(MESSAGE, { signal: controller.signal });
  await arrived.promise;
  controller.abort(new Error("stopped by the test"));
  await assert.rejects(sending, /^Error: stopped by the test$/);
  gate.resolve();
});

Deno.test("a check reaches the host and never the secret address", async () => {
  await using server = receiver(() => new Response(null, { status: 404 }));
  await channelTo(`${server.origin}${PATH}?token=1`).check({ signal: calm() });
  assert.deepEqual(server.received.map(({ method, path }) => [method, path]), [["HEAD", "/"]]);
});

Deno.test("user name and password of the address go as Basic auth", async () => {
  await using server = receiver();
  await channelTo(server.origin.replace("//", "//ada:p%40ss@") + PATH).send(MESSAGE, { signal: calm() });
  assert.equal(server.received[0]?.headers.get("authorization"), `Basic ${btoa("ada:p@ss")}`);
});

Deno.test("neither the address nor the secret stands in a failure, whatever the server says", async () => {
  await using echo = receiver((request) =>
    new Response(`no hook at ${request.url}, key=a secret of some length`, { status: 404 })
  );
  const port = (() => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    return listener.addr.port;
  })();
  const key = secret("a secret of some length");
  for (const origin of [echo.origin, `http://127.0.0.1:${port}`, "http://hooks.invalid"]) {
    const channel = channelTo(`${origin}${PATH}`, { secret: key });
    const failures = [await failureOf(channel.send(MESSAGE, { signal: calm() }))];
    if (origin !== echo.origin) failures.push(await failureOf(channel.check({ signal: calm() })));
    for (const failure of failures) {
      const shown = Deno.inspect(failure, { depth: 9 });
      assert.ok(!shown.includes("secret-path") && !shown.includes("a secret of"), shown);
      assert.ok(shown.includes(new URL(origin).host), shown);
    }
  }
});

Deno.test("no channel is made where nothing is configured", () => {
  assert.equal(webhookChannel({ url: null, secret: null, format: "json" }), null);
});
