import type { UsageRow } from "../../../domain/capture/usage.ts";
import { micros } from "../../../domain/money.ts";
import type { Stores } from "../../../domain/stores.ts";
import { createWebApp } from "../../../ui/web/app.ts";
import { NOW, withTestServices } from "../empty_services.ts";
import assert from "node:assert/strict";

const ROWS: readonly UsageRow[] = [
  {
    model: "claude-opus",
    tokens: { inputWithCacheWrite: 1_000, inputWithoutCacheWrite: 500, cacheRead: 8_500, output: 2_000, total: 12_000 },
    apiCost: micros(3_000_000),
    costToYou: micros(0),
    costBasis: "included",
  },
  {
    model: "auto <b>",
    tokens: { inputWithCacheWrite: 0, inputWithoutCacheWrite: 10, cacheRead: 0, output: 5, total: 15 },
    apiCost: null,
    costToYou: null,
    costBasis: "unknown",
  },
];

function storeSnapshot({ usage, history }: Stores): void {
  const snapshot = usage.insert({
    usage: {
      cycle: {
        start: Temporal.PlainDate.from("2026-11-10"),
        end: Temporal.PlainDate.from("2026-12-10"),
        startAt: Temporal.Instant.from("2026-11-10T12:00:00Z"),
        endAt: Temporal.Instant.from("2026-12-10T12:00:00Z"),
      },
      rows: ROWS,
      pools: [{ name: "Cursor Models", percentUsed: 27.4, used: null, limit: null }],
      source: "network_json",
      membership: "pro_plus",
    },
    tableHash: "a".repeat(64),
    capturedAt: NOW.subtract({ hours: 3 }),
    captureId: null,
    payload: null,
  });
  history.record(snapshot, ROWS);
  usage.check(1, NOW.subtract({ minutes: 12 }), []);
}

Deno.test("GET /api/cycle tells the cycle, how far it has come and how old the figures are", async () => {
  await withTestServices(async (services) => {
    storeSnapshot(services.stores);
    const response = await createWebApp(services).request("/api/cycle");
    assert.equal(response.status, 200);
    const answer = await response.json();
    // From 10 Nov 12:00 to 21 Nov 20:00 are 11 days and 8 hours: 11.3333 of 30 days.
    assert.equal(answer.days_total, 30);
    assert.equal(answer.days_elapsed, 11.3333);
    assert.equal(answer.days_remaining, 18.6667);
    assert.equal(answer.start, "2026-11-10");
    assert.equal(answer.end, "2026-12-10");
    assert.equal(answer.time_zone, "UTC");
    assert.equal(Temporal.Instant.from(answer.last_snapshot_at).toString(), "2026-11-21T17:00:00Z");
    assert.equal(Temporal.Instant.from(answer.last_checked_at).toString(), "2026-11-21T19:48:00Z");
    assert.equal(answer.stale, false);
  });
});

Deno.test("GET /api/cycle answers nulls and stale before the first scrape", async () => {
  await withTestServices(async (services) => {
    const answer = await (await createWebApp(services).request("/api/cycle")).json();
    assert.equal(answer.start, null);
    assert.equal(answer.days_elapsed, null);
    assert.equal(answer.last_checked_at, null);
    assert.equal(answer.stale, true);
  });
});

Deno.test("GET /api/models gives exact and rounded money, and null where the cost is unknown", async () => {
  await withTestServices(async (services) => {
    storeSnapshot(services.stores);
    const response = await createWebApp(services).request("/api/models");
    assert.equal(response.status, 200);
    const { models } = await response.json();
    assert.equal(models[0].model, "claude-opus");
    assert.equal(models[0].api_cost_cents, 300);
    assert.equal(models[0].api_cost_micros, 3_000_000);
    assert.equal(models[0].cost_to_you_cents, 0);
    assert.equal(models[0].cost_basis, "included");
    assert.equal(models[0].cost_per_1k_tokens_micros, 250_000); // $3.00 for 12 thousand tokens
    assert.equal(models[0].cache_efficiency, 0.85); // 8,500 of 10,000
    assert.equal(models[0].tokens.total, 12_000);
    assert.equal(models[1].api_cost_cents, null);
    assert.equal(models[1].cost_per_1k_tokens_micros, null);
    assert.equal(models[1].cost_basis, "unknown");
  });
});

Deno.test("GET /api/tiles names the seven tiles in their order, and then what came later", async () => {
  await withTestServices(async (services) => {
    const { tiles } = await (await createWebApp(services).request("/api/tiles")).json();
    assert.deepEqual(tiles.map(({ id }: { id: string }) => id), [
      "cumulative_spend",
      "daily_spend",
      "tokens_by_type",
      "spend_by_model",
      "cost_per_1k_tokens",
      "cache_efficiency",
      "projection",
      "cycle_history",
    ]);
  });
});

Deno.test("GET / shows the figures, escapes names and says why a cost is missing", async () => {
  await withTestServices(async (services) => {
    storeSnapshot(services.stores);
    const response = await createWebApp(services).request("/");
    assert.equal(response.status, 200);
    assert.match(response.headers.get("content-security-policy") ?? "", /default-src 'none'/);
    const page = await response.text();
    assert.match(page, /\$3\.00/);
    assert.match(page, /auto &lt;b&gt;/);
    assert.ok(!page.includes("auto <b>"));
    assert.match(page, /cost unknown/);
    assert.match(page, /checked 12 min ago/);
    assert.ok(!/<script(?![^>]* src=| type="application\/json")/.test(page), "no script is inline");
  });
});

Deno.test("GET / says what to do before the first figures, and what went wrong", async () => {
  await withTestServices(async (services) => {
    assert.match(await (await createWebApp(services).request("/")).text(), /tracker onboard/);
    services.stores.alerts.open({
      kind: "scrape_error",
      dedupeKey: "scrape_error:run:1:1",
      details: "Cursor shows its login.",
      at: NOW,
    });
    assert.match(await (await createWebApp(services).request("/")).text(), /Cursor shows its login\./);
  });
});

Deno.test("GET /healthz answers ok with the version", async () => {
  await withTestServices(async (services) => {
    const response = await createWebApp(services).request("/healthz");
    assert.equal(response.status, 200);
    assert.equal((await response.json()).status, "ok");
  });
});

Deno.test("an unknown address answers a problem document without a path or stack", async () => {
  await withTestServices(async (services) => {
    const response = await createWebApp(services).request("/api/nothing");
    assert.equal(response.status, 404);
    assert.match(response.headers.get("content-type") ?? "", /application\/problem\+json/);
    assert.equal((await response.json()).title, "Not found");
  });
});
