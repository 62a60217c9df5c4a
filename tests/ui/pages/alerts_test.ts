import { clientOf } from "../pages_client.ts";
import { fillAlerts, pagesServices } from "../pages_services.ts";
import assert from "node:assert/strict";

Deno.test("/alerts says that none is open, and which channel is not set up yet", async () => {
  await using services = pagesServices();
  const page = await (await clientOf(services).get("/alerts")).text();
  assert.match(page, /<h1>No alert is open\.<\/h1>/);
  assert.match(page, /No message was sent so far/);
  assert.match(page, /E-mail is not set up: SMTP_HOST and ALERT_TO missing/);
});

Deno.test("/alerts shows each message's way: delivered, given up, next try, waiting", async () => {
  await using services = pagesServices();
  fillAlerts(services);
  const page = await (await clientOf(services).get("/alerts")).text();
  assert.match(page, /delivered<\/span> <time/);
  assert.match(page, /given up<\/span>[\s\S]*The webhook answered 410 Gone/);
  assert.match(page, /next try<\/span> <time[^>]*>in 7 min/);
  assert.match(page, /waiting<\/span>/);
  assert.match(page, /No new figures for 24 hours<\/th>[\s\S]*5\u00a0h 0\u00a0min/);
  assert.match(page, /<span class="badge count">2 <span class="unseen">open/);
});
