import { clientOf } from "../pages_client.ts";
import { fillAlerts, pagesServices } from "../pages_services.ts";
import assert from "node:assert/strict";

Deno.test("GET /api/alerts has alerts and the messages about them, newest first", async () => {
  await using services = pagesServices();
  fillAlerts(services);
  const { open, alerts, notifications } = await (await clientOf(services).get("/api/alerts")).json();
  assert.equal(open, 2);
  assert.deepEqual(
    alerts.map((alert: Record<string, unknown>) => [alert["kind"], alert["cleared_at"], alert["acknowledged_at"]]),
    [
      ["scrape_error", null, null],
      ["threshold_hit", null, "2026-11-20T10:40:00Z"],
      ["no_data_24h", "2026-11-19T06:20:00Z", null],
    ],
  );
  assert.deepEqual(
    notifications.map((one: Record<string, unknown>) => [
      one["channel"],
      one["attempts"],
      one["next_attempt_at"],
      one["delivered_at"],
      one["given_up_at"],
    ]),
    [
      ["webhook", 0, "2026-11-21T19:59:00Z", null, null],
      ["email", 1, "2026-11-21T20:07:00Z", null, null],
      ["webhook", 1, null, null, "2026-11-19T18:01:00Z"],
      ["email", 1, null, "2026-11-19T18:01:00Z", null],
    ],
  );
  assert.match(notifications[1].last_error, /^The mail server said: 421/);
});

Deno.test("an alert is acknowledged once, by the API and by the page's form", async () => {
  await using services = pagesServices();
  fillAlerts(services);
  const { post, submit, get } = clientOf(services);
  const [latest] = services.stores.alerts.listOpen();
  const id = latest?.id ?? 0;
  const moved = await submit("/alerts", `/alerts/${id}/ack`);
  assert.equal(moved.status, 303);
  assert.equal(moved.headers.get("location"), "/alerts?said=alert-acknowledged");
  services.clock.set("2026-11-21T21:00:00Z");
  const again = await post(`/api/alerts/${id}/ack`);
  assert.equal(again.status, 200);
  assert.equal((await again.json()).acknowledged_at, "2026-11-21T20:00:00Z");
  assert.match(await (await get("/alerts")).text(), /2 alerts are open<\/em>; you know of them\./);
});

Deno.test("the API of alerts refuses what it does not understand", async () => {
  await using services = pagesServices();
  const { get, post, submit } = clientOf(services);
  for (const limit of ["0", "501", "x", "1.5", ""]) {
    assert.equal((await get(`/api/alerts?limit=${limit}`)).status, 400, limit);
  }
  assert.equal((await post("/api/alerts/7/ack")).status, 404);
  assert.equal((await post("/api/alerts/abc/ack")).status, 400);
  assert.equal((await submit("/alerts", "/alerts/7/ack")).status, 403, "a page without an alert has no token");
  assert.equal((await submit("/settings", "/alerts/7/ack")).status, 404);
  assert.equal((await submit("/settings", "/alerts/x/ack")).status, 404);
});
