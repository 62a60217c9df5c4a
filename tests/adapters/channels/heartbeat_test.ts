import { heartbeat } from "../../../adapters/channels/heartbeat.ts";
import { secret } from "../../../domain/config.ts";
import { TrackerError } from "../../../domain/errors.ts";
import assert from "node:assert/strict";

const calm = () => new AbortController().signal;

function monitor(answer: () => Response | Promise<Response>) {
  const paths: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    paths.push(`${request.method} ${request.url.replace(/^http:\/\/[^/]+/, "")}`);
    return answer();
  });
  return { paths, origin: `http://127.0.0.1:${server.addr.port}`, [Symbol.asyncDispose]: () => server.shutdown() };
}

async function failureOf(url: string, timeoutMs = 5_000): Promise<TrackerError> {
  const error = await heartbeat(secret(url), { timeoutMs })?.beat({ signal: calm() }).then(
    () => null,
    (error) => error,
  );
  if (error instanceof TrackerError) return error;
  throw new assert.AssertionError({ message: `TrackerError was expected: ${String(error)}` });
}

Deno.test("a heartbeat is a GET of the address as it is, query and all", async () => {
  await using server = monitor(() => new Response("OK"));
  await heartbeat(secret(`${server.origin}/ping/uuid?status=up`))?.beat({ signal: calm() });
  assert.deepEqual(server.paths, ["GET /ping/uuid?status=up"]);
  assert.equal(heartbeat(null), null);
});

Deno.test("a heartbeat that does not arrive tells why, and the host alone", async () => {
  const gate = Promise.withResolvers<void>();
  await using bad = monitor(() => new Response("gone", { status: 404 }));
  await using moved = monitor(() => Response.redirect(`${bad.origin}/moved`));
  await using slow = monitor(() => gate.promise.then(() => new Response("late")));
  const said = [
    await failureOf(`${bad.origin}/secret-uuid`),
    await failureOf(`${moved.origin}/secret-uuid`),
    await failureOf(`${slow.origin}/secret-uuid`, 200),
    await failureOf("http://monitor.invalid/secret-uuid"),
  ];
  gate.resolve();
  assert.deepEqual(said.slice(0, 3).map(({ message }) => message), [
    `The heartbeat did not reach ${bad.origin}: it answered with status 404`,
    `The heartbeat did not reach ${moved.origin}: it answered with status 302`,
    `The heartbeat did not reach ${slow.origin}: it did not answer in time`,
  ]);
  assert.deepEqual(bad.paths, ["GET /secret-uuid"]);
  for (const one of said) assert.ok(!Deno.inspect(one, { depth: 9 }).includes("secret-uuid"));
});

Deno.test("an abort ends a heartbeat with its own reason", async () => {
  const controller = new AbortController();
  controller.abort(new Error("stopped by the test"));
  const beat = heartbeat(secret("http://127.0.0.1:9/"))?.beat({ signal: controller.signal });
  await assert.rejects(async () => await beat, /stopped by the test/);
});
