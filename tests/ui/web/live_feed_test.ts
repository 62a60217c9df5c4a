import { LiveFeed, type LiveLimits } from "../../../ui/web/live/feed.ts";
import { fileDatabase } from "../../adapters/sqlite/test_database.ts";
import { dollars, instant } from "../../domain/history/snapshots.ts";
import { clientOf } from "../pages_client.ts";
import { finishedRun, LOGGED_OUT, type PagesServices, pagesServices } from "../pages_services.ts";
import { serveApp } from "../serve_app.ts";
import { fillTwoCycles } from "../services_harness.ts";
import assert from "node:assert/strict";

const QUICK: Partial<LiveLimits> = { pollMs: 5 };

/** One event of a stream. */
interface Heard {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads a stream of events, one after another. */
function listenTo(stream: ReadableStream<Uint8Array> | null) {
  assert.ok(stream !== null);
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  return {
    /** The next event; comments and the pause before coming back are left out. Null at the end. */
    async next(): Promise<Heard | null> {
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end >= 0) {
          const fields = new Map(
            text.slice(0, end).split("\n").map((line) => {
              const colon = line.indexOf(":");
              return [line.slice(0, colon), line.slice(colon + 2)];
            }),
          );
          text = text.slice(end + 2);
          const [id, event, data] = ["id", "event", "data"].map((name) => fields.get(name) ?? "");
          if (event) return { id: id ?? "", event, data: JSON.parse(data ?? "{}") };
          continue;
        }
        const { done, value } = await reader.read();
        if (done) return null;
        text += decoder.decode(value, { stream: true });
      }
    },
    /** The next text that has something else than events in it. */
    async raw(): Promise<string> {
      return decoder.decode((await reader.read()).value);
    },
    leave: () => reader.cancel(),
  };
}

function feedOf(services: PagesServices, limits: Partial<LiveLimits> = QUICK) {
  const feed = new LiveFeed(services, { closing: services.closing.signal, ...limits });
  const open = (lastEventId: string | null = null, address = "a") => feed.open({ address, lastEventId });
  return { feed, open, listen: (lastEventId?: string) => listenTo(open(lastEventId ?? null)) };
}

Deno.test("a new snapshot, a new alert, a run and anything else are told as they are stored", async () => {
  await using services = pagesServices();
  const reader = feedOf(services).listen();
  assert.equal((await reader.next())?.event, "ready");
  fillTwoCycles(services);
  const snapshot = await reader.next();
  assert.equal(snapshot?.event, "snapshot");
  const { stores } = services;
  stores.alerts.open({ kind: "anomaly", dedupeKey: "x", details: "?", at: instant("2026-11-21T19:00:00Z") });
  const alert = await reader.next();
  assert.deepEqual([alert?.event, alert?.data["kind"], alert?.data["cleared_at"]], ["alert", "anomaly", null]);
  const { id } = finishedRun(services, { key: "k", failure: LOGGED_OUT });
  const run = await reader.next();
  assert.deepEqual([run?.event, run?.data["id"], run?.data["status"]], ["run", id, "failed"]);
  stores.budgets.set(dollars(7), instant("2026-11-21T19:00:00Z"));
  assert.equal((await reader.next())?.event, "changed");
  await reader.leave();
});

Deno.test("what another process writes is told too", async () => {
  const database = fileDatabase();
  await using services = pagesServices({ database });
  const reader = feedOf(services).listen();
  await reader.next();
  const { alerts } = database.connect().stores;
  alerts.open({ kind: "anomaly", dedupeKey: "y", details: "?", at: instant("2026-11-21T19:00:00Z") });
  assert.equal((await reader.next())?.event, "alert");
  await reader.leave();
});

Deno.test("a run is followed through its steps to its end", async () => {
  await using services = pagesServices();
  const reader = feedOf(services).listen();
  await reader.next();
  const { id } = services.runs.begin("scrape", "k", null);
  let heard = await reader.next();
  assert.deepEqual([heard?.data["id"], heard?.data["status"]], [id, "running"]);
  services.gate.resolve("captured");
  while (heard?.data["status"] === "running") heard = await reader.next();
  assert.equal(heard?.data["status"], "succeeded");
  await reader.leave();
});

Deno.test("who comes back is told what was missed, also what happened while nobody read", async () => {
  await using services = pagesServices();
  const { listen } = feedOf(services);
  const first = listen();
  const ready = await first.next();
  await first.leave();
  const at = instant("2026-11-21T19:00:00Z");
  services.stores.alerts.open({ kind: "anomaly", dedupeKey: "1", details: "?", at });
  const back = listen(ready?.id);
  const missed = await back.next();
  assert.equal(missed?.event, "alert");
  services.stores.budgets.set(dollars(7), at);
  const changed = await back.next();
  assert.equal(changed?.event, "changed");
  await back.leave();
  const again = listen(missed?.id);
  assert.deepEqual(await again.next(), changed);
  await again.leave();
});

Deno.test("who missed more than is remembered, or comes from another process, loads everything anew", async () => {
  await using services = pagesServices();
  const { listen, open } = feedOf(services, { ...QUICK, remembered: 2 });
  const first = listen();
  const ready = await first.next();
  for (let count = 1; count <= 4; count++) {
    services.stores.budgets.set(dollars(count), instant(`2026-11-21T19:00:0${count}Z`));
    assert.equal((await first.next())?.event, "changed");
  }
  const name = ready?.id.split("-")[0];
  for (const lastId of [ready?.id ?? "", "00000000-1", "nonsense", "", "-1", `${name}-9`]) {
    const back = listenTo(open(lastId));
    assert.deepEqual(await back.next(), { id: `${name}-4`, event: "changed", data: {} }, lastId);
    await back.leave();
  }
  await first.leave();
});

Deno.test("readers are bounded, in all and from one address; one that leaves makes room", async () => {
  await using services = pagesServices();
  const { feed, open } = feedOf(services, { ...QUICK, connections: 3, perAddress: 2 });
  const first = open(null, "a");
  assert.ok(first !== null && open(null, "a") !== null);
  assert.equal(open(null, "a"), null);
  assert.ok(open(null, "b") !== null);
  assert.equal(open(null, "c"), null);
  await first.cancel();
  assert.equal(feed.connections, 2);
  assert.ok(open(null, "c") !== null);
});

Deno.test("a reader that does not read is dropped, and nobody else is", async () => {
  await using services = pagesServices();
  const { feed, open, listen } = feedOf(services, { pollMs: 1_000_000 });
  const slow = open();
  const reader = listen();
  await reader.next();
  for (let count = 0; feed.connections === 2; count++) {
    assert.ok(count < 100_000);
    feed.announce();
    await reader.next();
  }
  assert.equal(feed.connections, 1);
  await assert.rejects(async () => await slow?.getReader().read(), /too slow/);
  await reader.leave();
});

Deno.test("a reader gets signs of life, and is sent away after its time", async () => {
  await using services = pagesServices();
  const { listen } = feedOf(services, { pollMs: 1_000_000, heartbeatMs: 5 });
  const reader = listen();
  await reader.next();
  assert.equal(await reader.raw(), ": alive\n\n");
  await reader.leave();
  const short = feedOf(services, { pollMs: 1_000_000, heartbeatMs: 5, longestMs: 0 }).listen();
  await short.next();
  assert.equal(await short.next(), null);
});

Deno.test("all streams end when the server stops, and no new one begins", async () => {
  await using services = pagesServices();
  const { feed, open, listen } = feedOf(services);
  const reader = listen();
  await reader.next();
  services.closing.abort();
  assert.equal(await reader.next(), null);
  assert.deepEqual([feed.connections, open()], [0, null]);
});

Deno.test("GET /api/events is a stream that is neither stored nor remembered, HEAD opens none", async () => {
  await using services = pagesServices();
  const { get, send } = clientOf(services);
  for (let count = 0; count < 2; count++) {
    const response = await get("/api/events");
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
    assert.equal(response.headers.get("cache-control"), "no-store");
    const reader = listenTo(response.body);
    assert.equal((await reader.next())?.event, "ready");
    await reader.leave();
  }
  const head = await send("HEAD", "/api/events");
  assert.deepEqual([head.status, await head.text()], [200, ""]);
  assert.equal((await get(`/api/events?last_event_id=${"x".repeat(65)}`)).status, 400);
  for (let count = 0; count < 16; count++) assert.equal((await get("/api/events")).status, 200, String(count));
  const full = await get("/api/events");
  assert.equal(full.status, 503);
  assert.match(full.headers.get("content-type") ?? "", /^application\/problem\+json/);
});

Deno.test("a server with open streams shuts down", async () => {
  await using services = pagesServices();
  const server = await serveApp(services.app);
  const response = await fetch(`http://127.0.0.1:${server.addr.port}/api/events`);
  const reader = listenTo(response.body);
  assert.equal((await reader.next())?.event, "ready");
  const down = server.shutdown();
  services.closing.abort();
  assert.equal(await reader.next(), null);
  await down;
});
