import { NOW, withLoggedIn, withTracker } from "./harness.ts";
import { startTextReader } from "./text_reader.ts";
import assert from "node:assert/strict";

/** Waits for the line that names the address. */
async function addressOf(child: Deno.ChildProcess): Promise<{ url: string; log: ReturnType<typeof startTextReader> }> {
  const log = startTextReader(child.stderr);
  const match = await log.waitFor(/serve\.listening url=(\S+)/);
  return { url: match[1] ?? "", log };
}

Deno.test("serve scrapes the missed hour, answers with the figures and stops gracefully", async () => {
  await withLoggedIn({ env: { BIND: "127.0.0.1:0" } }, async ({ tracker, sim }) => {
    const server = tracker.spawn("serve");
    const { url, log } = await addressOf(server);
    assert.equal((await (await fetch(`${url}healthz`)).json()).status, "ok");
    await log.waitFor(/scrape\.stored/);

    const cycle = await (await fetch(`${url}api/cycle`)).json();
    assert.equal(cycle.start, "2026-11-10");
    assert.equal(cycle.end, "2026-12-10");
    assert.equal(cycle.time_zone, "UTC");
    const { models } = await (await fetch(`${url}api/models`)).json();
    assert.equal(models.length, sim.history.at(NOW).models.length);
    const page = await (await fetch(url)).text();
    assert.ok(page.includes(models[0].model));

    const second = await tracker.run("serve");
    assert.equal(second.code, 15);
    assert.match(second.stderr, /Error: Cannot serve the data folder .* as process \d+ already does/);
    assert.match(second.stderr, /Try: /);

    server.kill("SIGTERM");
    assert.equal((await server.status).code, 0);
    await log.ended;
    assert.match(log.text(), /serve\.stopped/);
    await server.stdout.cancel();
  });
});

Deno.test("serve refuses a port that is in use, and says how to mend it", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await withTracker({ BIND: `127.0.0.1:${taken.addr.port}` }, async (tracker) => {
    const { code, stderr } = await tracker.run("serve");
    assert.equal(code, 1);
    assert.match(stderr, /the port is in use/);
    assert.match(stderr, /set BIND to another port/);
  });
});

Deno.test("serve refuses an address that is none of this machine's, and says so", async () => {
  // Kept for documentation by RFC 5737.
  await withTracker({ BIND: "192.0.2.1:0" }, async (tracker) => {
    const { code, stderr } = await tracker.run("serve");
    assert.equal(code, 1);
    assert.match(stderr, /Cannot listen on 192\.0\.2\.1:0 as the address is none of this machine's/);
    assert.match(stderr, /Set BIND to an address of this machine/);
  });
});

Deno.test("health answers 0 beside a running server and 1 without one", async () => {
  using free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  const env = { BIND: `127.0.0.1:${port}`, CURSOR_USAGE_URL: "http://127.0.0.1:9/dashboard/usage" };
  await withTracker(env, async (tracker) => {
    assert.equal((await tracker.run("health")).code, 1);
    const server = tracker.spawn("serve");
    const { log } = await addressOf(server);
    const { code, stdout } = await tracker.run("health", "--json");
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).status, "ok");
    server.kill("SIGTERM");
    await server.status;
    await log.ended;
    await server.stdout.cancel();
  });
});
