import type { AdminApi, TeamSpend } from "../../domain/billing/admin_api.ts";
import type { Window } from "../../domain/billing/month.ts";
import type { JsonObject } from "../../domain/json.ts";
import { microsFromCents } from "../../domain/money.ts";
import { billingReconcile } from "../../jobs/billing_reconcile.ts";
import { rawEvent } from "../domain/billing/raw_events.ts";
import { FakeLog } from "../fake_log.ts";
import { FakeTime } from "../fake_time.ts";
import { fakeRunContext } from "./fake_run_context.ts";
import assert from "node:assert/strict";

/** An API with one event a page; answers what was asked too. */
function fakeApi(events: readonly JsonObject[], cycleStart: Temporal.Instant | null): AdminApi & { asked: Window[] } {
  const asked: Window[] = [];
  const spend: TeamSpend = { cycleStart, members: [{ user: "ada@example.com", onDemand: microsFromCents(43.25) }] };
  return {
    asked,
    teamSpend: () => Promise.resolve(spend),
    usageEvents({ startMs, endMs, page }) {
      asked.push({ startMs, endMs });
      const inWindow = events.filter(({ timestamp }) => Number(timestamp) >= startMs && Number(timestamp) <= endMs);
      const found = inWindow.slice(page - 1, page);
      return Promise.resolve({ events: found, totalEvents: inWindow.length, pages: null, hasNextPage: null });
    },
  };
}

function eventAt(time: string): JsonObject {
  return rawEvent({ timestamp: String(Temporal.Instant.from(time).epochMilliseconds) });
}

function reconcile(api: AdminApi) {
  const time = new FakeTime("2026-02-20T00:00:00Z");
  const job = billingReconcile<null>({ api, clock: time, pageSize: 1 });
  return job.run(fakeRunContext({ tx: null, log: new FakeLog(), results: new Map() }));
}

Deno.test("billing-reconcile compares the cycle, and explains what another boundary would change", async () => {
  const events = [eventAt("2026-01-21T00:00:00Z"), eventAt("2026-01-25T00:00:00Z"), eventAt("2025-12-31T23:59:59Z")];
  const api = fakeApi(events, Temporal.Instant.from("2026-01-24T10:00:00Z"));
  assert.deepEqual(await reconcile(api), {
    cycle_start: "2026-01-24T10:00:00Z",
    at: "2026-02-20T00:00:00Z",
    members: [{
      user: "ada@example.com",
      reported_micros: 432_500,
      reported_cents: 43,
      counted_micros: 215_000,
      counted_cents: 22, // 21.5, to the even 22
      difference_micros: 217_500,
      difference_cents: 22,
      explanations: [
        {
          cause: "cycle_boundary",
          reason: null,
          micros: 215_000,
          cents: 22,
          text: "the spend counts events of this month from before the cycle's start",
        },
        { cause: "rounding", reason: null, micros: 2_500, cents: 0, text: "fractions of a cent" },
      ],
    }],
  });
  assert.equal(api.asked[0]?.startMs, Temporal.Instant.from("2026-01-01T00:00:00Z").epochMilliseconds);
  assert.equal(api.asked.at(-1)?.endMs, Temporal.Instant.from("2026-02-20T00:00:00Z").epochMilliseconds);
});

Deno.test("billing-reconcile says so where the API does not tell when the cycle started", async () => {
  await assert.rejects(reconcile(fakeApi([], null)), /does not tell when it started/);
});
