import { AdminClient } from "../../../adapters/admin_api/client.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { adminApi, type AdminApiOptions } from "../../../fixtures/cursor_sim/admin_api.ts";
import { simEvent } from "../../../fixtures/cursor_sim/admin_events.ts";
import type { AdminFault, AdminFaults } from "../../../fixtures/cursor_sim/admin_faults.ts";
import { rawEvent } from "../../domain/billing/raw_events.ts";
import { FakeLog } from "../../fake_log.ts";
import { FakeTime } from "../../fake_time.ts";
import assert from "node:assert/strict";

const KEY = "key_0123456789abcdef";
const QUERY = { startMs: 1_767_600_000_000, endMs: 1_767_700_000_000, page: 1, pageSize: 100 };
const EVENT = rawEvent({ futureField: { nested: [1, "two"] } });

interface Harness {
  readonly client: AdminClient;
  readonly time: FakeTime;
  readonly log: FakeLog;
  readonly signal: AbortSignal;
  readonly controller: AbortController;
}

/** The client against a simulated API behind a real socket. */
async function withApi(
  options: { faults?: AdminFaults; apiKey?: string; timeoutMs?: number } & Partial<AdminApiOptions>,
  body: (harness: Harness) => Promise<void>,
): Promise<void> {
  const { apiKey = KEY, timeoutMs = 5_000, ...simulated } = options;
  const time = new FakeTime("2026-01-10T00:00:00Z");
  const app = adminApi({ apiKey: KEY, events: [simEvent(EVENT)], clock: time, ...simulated });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, app.fetch);
  const log = new FakeLog();
  const baseUrl = `http://127.0.0.1:${server.addr.port}/`;
  const client = new AdminClient({ baseUrl, apiKey, clock: time, log, sleep: time.sleep, timeoutMs });
  const controller = new AbortController();
  await body({ client, time, log, signal: controller.signal, controller });
}

function failing(times: number, fault: AdminFault): AdminFaults {
  return { onRequest: (request) => request <= times ? fault : null };
}

Deno.test("AdminClient reads a page, and keeps fields that nobody knows", async () => {
  await withApi({}, async ({ client, signal }) => {
    assert.deepEqual(await client.usageEvents(QUERY, { signal }), {
      events: [EVENT],
      totalEvents: 1,
      pages: 1,
      hasNextPage: false,
    });
  });
});

Deno.test("AdminClient understands proto-JSON, with texts for numbers and without zeros", async () => {
  await withApi({ faults: { speaksProtoJson: true } }, async ({ client, signal }) => {
    const page = await client.usageEvents(QUERY, { signal });
    assert.deepEqual([page.totalEvents, page.pages, page.hasNextPage, page.events.length], [1, 1, false, 1]);
    const empty = await client.usageEvents({ ...QUERY, startMs: 1, endMs: 2 }, { signal });
    assert.deepEqual([empty.totalEvents, empty.events.length, empty.hasNextPage], [0, 0, false]);
  });
});

Deno.test("AdminClient takes an empty answer for an empty page", async () => {
  await withApi({ faults: failing(1, { kind: "body", body: "{}" }) }, async ({ client, signal }) => {
    assert.deepEqual(await client.usageEvents(QUERY, { signal }), {
      events: [],
      totalEvents: 0,
      pages: null,
      hasNextPage: null,
    });
  });
});

Deno.test("AdminClient waits 3 seconds between the starts of two requests", async () => {
  await withApi({}, async ({ client, time, signal }) => {
    for (let page = 1; page <= 3; page++) await client.usageEvents({ ...QUERY, page }, { signal });
    assert.deepEqual(time.slept, [3_000, 3_000]);
  });
});

Deno.test("AdminClient backs off 1, 2, 4, 8, 16 seconds, and then gives up", async () => {
  const faults = failing(6, { kind: "status", status: 503 });
  await withApi({ faults }, async ({ client, time, log, signal }) => {
    await assert.rejects(client.usageEvents(QUERY, { signal }), (error) => {
      assert.ok(error instanceof TrackerError);
      assert.match(error.message, /refused \/teams\/filtered-usage-events with status 503: Simulated status 503/);
      assert.equal(error.exitCode, 13);
      return true;
    });
    // Where the back-off is shorter than the pace, the rest of the pace is waited for too.
    assert.deepEqual(time.slept, [1_000, 2_000, 2_000, 1_000, 4_000, 8_000, 16_000]);
    assert.equal(log.events().filter((event) => event === "billing.request_retried").length, 5);
  });
});

Deno.test("AdminClient succeeds after five failures of every passing kind", async () => {
  const faults: readonly AdminFault[] = [
    { kind: "status", status: 429 },
    { kind: "status", status: 500, body: "<html>oops</html>" },
    { kind: "broken" },
    { kind: "silent" },
    { kind: "status", status: 429, retryAfter: "7" },
  ];
  const options = { faults: { onRequest: (request: number) => faults[request - 1] ?? null }, timeoutMs: 300 };
  await withApi(options, async ({ client, time, signal }) => {
    assert.equal((await client.usageEvents(QUERY, { signal })).events.length, 1);
    assert.equal(time.slept.at(-1), 7_000);
  });
});

Deno.test("AdminClient waits as long as a Retry-After date says", async () => {
  const retryAfter = "Sat, 10 Jan 2026 00:00:42 GMT";
  await withApi(
    { faults: failing(1, { kind: "status", status: 429, retryAfter }) },
    async ({ client, time, signal }) => {
      await client.usageEvents(QUERY, { signal });
      assert.deepEqual(time.slept, [42_000]);
    },
  );
});

Deno.test("AdminClient gets through a rate limit of ten requests a minute", async () => {
  await withApi({ faults: { requestsPerMinute: 10, sendsRetryAfter: true } }, async ({ client, time, signal }) => {
    for (let page = 1; page <= 25; page++) await client.usageEvents({ ...QUERY, page }, { signal });
    assert.ok(time.slept.some((ms) => ms > 3_000));
  });
});

for (const [status, exitCode, hint] of [[400, 1, /page_size/], [401, 2, /CURSOR_API_KEY/], [403, 2, /plan/]] as const) {
  Deno.test(`AdminClient fails at once with status ${status}, and says what to do`, async () => {
    const body = JSON.stringify({ error: "No", message: `Refused for ${KEY} and ${btoa(`${KEY}:`)}` });
    await withApi({ faults: failing(1, { kind: "status", status, body }) }, async ({ client, time, signal }) => {
      await assert.rejects(client.usageEvents(QUERY, { signal }), (error) => {
        assert.ok(error instanceof TrackerError);
        assert.equal(error.exitCode, exitCode);
        assert.match(error.hint ?? "", hint);
        assert.match(error.message, /Refused for \[redacted\] and \[redacted\]/);
        return true;
      });
      assert.deepEqual(time.slept, []);
    });
  });
}

Deno.test("AdminClient never shows the key", async () => {
  await withApi({ apiKey: "key_that_is_wrong" }, async ({ client, log, signal }) => {
    await assert.rejects(client.usageEvents(QUERY, { signal }), (error) => {
      assert.match(String(error), /status 401: Invalid API key/);
      assert.doesNotMatch(`${String(error)} ${JSON.stringify(error)} ${log.text()}`, /key_that_is_wrong/);
      return true;
    });
  });
});

Deno.test("AdminClient refuses answers of something else, without another try", async () => {
  for (
    const body of ["<html></html>", "[]", `{"status":"ok"}`, `{"usageEvents":[1]}`, `{"totalUsageEventsCount":"many"}`]
  ) {
    await withApi({ faults: failing(1, { kind: "body", body }) }, async ({ client, time, signal }) => {
      await assert.rejects(client.usageEvents(QUERY, { signal }), /Cannot read the Admin API's answer/);
      assert.deepEqual(time.slept, []);
    });
  }
});

Deno.test("AdminClient stops when it is told to", async () => {
  await withApi({ faults: failing(1, { kind: "silent" }) }, async ({ client, time, signal, controller }) => {
    const asked = client.usageEvents(QUERY, { signal });
    controller.abort(new Error("shutting down"));
    await assert.rejects(asked, /shutting down/);
    await assert.rejects(client.usageEvents(QUERY, { signal }), /shutting down/);
    assert.deepEqual(time.slept, []);
  });
});

Deno.test("AdminClient cannot reach a closed port", async () => {
  const time = new FakeTime("2026-01-10T00:00:00Z");
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => new Response());
  const baseUrl = `http://127.0.0.1:${server.addr.port}`;
  await server.shutdown();
  const client = new AdminClient({ baseUrl, apiKey: KEY, clock: time, log: new FakeLog(), sleep: time.sleep });
  await assert.rejects(client.usageEvents(QUERY, { signal: new AbortController().signal }), (error) => {
    assert.ok(error instanceof TrackerError);
    assert.equal(error.exitCode, 13);
    assert.match(error.message, /Cannot reach the Admin API at \/teams\/filtered-usage-events/);
    return true;
  });
});

Deno.test("AdminClient adds the pages of the team's spend up", async () => {
  const members = Array.from({ length: 205 }, (_, index) => {
    return { userId: `user_${index}`, name: `N${index}`, email: `N${index}@Example.com`, spendCents: index + 0.125487 };
  });
  const cycleStart = Temporal.Instant.from("2026-01-05T10:00:00Z");
  await withApi({ members, cycleStart }, async ({ client, signal }) => {
    const spend = await client.teamSpend({ signal });
    assert.equal(spend.members.length, 205);
    assert.deepEqual(spend.members[3], { user: "n3@example.com", onDemand: 31_255 });
    assert.equal(spend.cycleStart?.toString(), "2026-01-05T10:00:00Z");
  });
});

Deno.test("AdminClient refuses a missing key and a strange address, with exit code 2", () => {
  const time = new FakeTime("2026-01-10T00:00:00Z");
  const make = (baseUrl: string, apiKey: string) => () =>
    new AdminClient({ baseUrl, apiKey, clock: time, log: new FakeLog() });
  assert.throws(make("https://api.cursor.com", ""), /CURSOR_API_KEY is not set/);
  assert.throws(make("https://api.cursor.com", "a:b"), /CURSOR_API_KEY must be plain text/);
  for (const url of ["api.cursor.com", "ftp://api.cursor.com", "https://user:pass@api.cursor.com"]) {
    assert.throws(make(url, KEY), (error) => error instanceof TrackerError && error.exitCode === 2);
  }
});
