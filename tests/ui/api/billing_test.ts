import { createWebApp } from "../../../ui/web/app.ts";
import { handWorkedMonth, rawEvent } from "../../domain/billing/raw_events.ts";
import { billingServices, type GivenMonth } from "../billing_services.ts";
import assert from "node:assert/strict";

/** January is worked out by hand; in February Ada spends 2 × 21.5 cents, in March, which goes on, Ben spends 21.5. */
const MONTHS: GivenMonth[] = [
  { month: "2026-01", events: handWorkedMonth() },
  { month: "2026-02", events: [rawEvent(), rawEvent({ kind: "Included in Business" }), rawEvent()] },
  { month: "2026-03", events: [rawEvent({ userEmail: "ben@example.com" })], isComplete: false },
];

async function get(path: string, months: readonly GivenMonth[] = MONTHS) {
  using services = billingServices(months);
  const response = await createWebApp(services).request(`/api/billing/${path}`);
  return { status: response.status, type: response.headers.get("content-type"), body: await response.json() };
}

Deno.test("GET /api/billing/summary sums up what is billed, and what is not by reason", async () => {
  const { status, body } = await get("summary");
  assert.equal(status, 200);
  assert.deepEqual(body, {
    total_micros: 792_500 + 430_000 + 215_000,
    total_cents: 144,
    current_month_micros: 215_000,
    current_month_cents: 22,
    months_analyzed: 3,
    costliest_model: "aurora-4",
    top_user: "ada@example.com",
    excluded: [
      { reason: "errored", events: 1, micros: 4_110_000, cents: 411 },
      { reason: "included", events: 2, micros: 80_000 + 215_000, cents: 30 },
      { reason: "unknown_kind", events: 1, micros: 30_000, cents: 3 },
    ],
  });
});

Deno.test("GET /api/billing/summary of an empty store tells unknowns as null", async () => {
  const { body } = await get("summary", []);
  assert.deepEqual(body, {
    total_micros: 0,
    total_cents: 0,
    current_month_micros: null,
    current_month_cents: null,
    months_analyzed: 0,
    costliest_model: null,
    top_user: null,
    excluded: [],
  });
});

Deno.test("GET /api/billing/months has each month's change against the one before", async () => {
  const { body } = await get("months");
  assert.deepEqual(body.months, [
    {
      month: "2026-01",
      total_micros: 792_500,
      total_cents: 79,
      delta_micros: null,
      delta_cents: null,
      growth_ratio: null,
      events: 4,
      complete: true,
    },
    {
      month: "2026-02",
      total_micros: 430_000,
      total_cents: 43,
      delta_micros: -362_500,
      delta_cents: -36,
      growth_ratio: -362_500 / 792_500,
      events: 2,
      complete: true,
    },
    {
      month: "2026-03",
      total_micros: 215_000,
      total_cents: 22,
      delta_micros: -215_000,
      delta_cents: -22,
      growth_ratio: -0.5,
      events: 1,
      complete: false,
    },
  ]);
});

Deno.test("GET /api/billing/users ranks users, with their averages, top models and months", async () => {
  const { body } = await get("users");
  assert.deepEqual(body.users[0], {
    user: "ada@example.com",
    total_micros: 215_000 + 375_000 + 430_000,
    total_cents: 102,
    requests: 4,
    avg_micros: 255_000,
    avg_cents: 26,
    top_model: "aurora-4",
    months: [
      { month: "2026-01", micros: 590_000, cents: 59 },
      { month: "2026-02", micros: 430_000, cents: 43 },
      { month: "2026-03", micros: 0, cents: 0 },
    ],
  });
  assert.deepEqual(
    body.users.map(({ user, total_micros }: { user: string; total_micros: number }) => [user, total_micros]),
    [
      ["ada@example.com", 1_020_000],
      ["ben@example.com", 295_000],
      ["(no e-mail)", 122_500],
    ],
  );
});

Deno.test("GET /api/billing/models and matrix take the filters", async () => {
  const { body } = await get("models?month=2026-01&user=ada%40example.com");
  assert.deepEqual(body.models, [
    {
      model: "comet-pro",
      total_micros: 375_000,
      total_cents: 38,
      requests: 1,
      tokens: 5,
      avg_micros: 375_000,
      avg_cents: 38,
      users: 1,
      months: [{ month: "2026-01", micros: 375_000, cents: 38 }],
    },
    {
      model: "aurora-4",
      total_micros: 215_000,
      total_cents: 22,
      requests: 1,
      tokens: 4_330,
      avg_micros: 215_000,
      avg_cents: 22,
      users: 1,
      months: [{ month: "2026-01", micros: 215_000, cents: 22 }],
    },
  ]);
  const matrix = await get("matrix?model=aurora-4");
  assert.deepEqual(matrix.body.rows, [
    { month: "2026-01", model: "aurora-4", micros: 417_500, cents: 42, tokens: 4_330, requests: 3 },
    { month: "2026-02", model: "aurora-4", micros: 430_000, cents: 43, tokens: 8_660, requests: 2 },
    { month: "2026-03", model: "aurora-4", micros: 215_000, cents: 22, tokens: 4_330, requests: 1 },
  ]);
});

Deno.test("a filtered month keeps its change against the month before", async () => {
  const { body } = await get("months?month=2026-03");
  assert.equal(body.months.length, 1);
  assert.equal(body.months[0].delta_micros, -215_000);
});

Deno.test("a filtered summary still tells the current month", async () => {
  const { body } = await get("summary?month=2026-01");
  assert.equal(body.total_micros, 792_500);
  assert.equal(body.months_analyzed, 1);
  assert.equal(body.current_month_micros, 215_000);
});

Deno.test("a month that is none is refused as a problem", async () => {
  const { status, type, body } = await get("users?month=2026-13");
  assert.equal(status, 400);
  assert.equal(type, "application/problem+json; charset=utf-8");
  assert.equal(body.detail, "'month' must be a month such as 2026-01");
});
