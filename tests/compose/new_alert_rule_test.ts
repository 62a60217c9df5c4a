import type { AlertRule } from "../../domain/alerts/rule.ts";
import { ALERT_RULES } from "../../domain/alerts/rules.ts";
import { CA_FILE, PASSWORD, startMailServer, USER } from "../adapters/channels/email/mail_server.ts";
import { wholeProgram } from "./one_place.ts";
import assert from "node:assert/strict";

/** A rule that nothing else in the program knows of. */
const fullMoon: AlertRule<"full_moon"> = {
  kind: "full_moon",
  badge: "Moonlight",
  tone: "bad",
  opened: () => "The moon is full",
  cleared: "The moon is on the wane",
  judge: () => ({ open: [{ dedupeKey: "full_moon:2026-11-24", details: "It rose at 16:02." }], close: [] }),
};

Deno.test("an alert rule that is put into the list is on page, mail, webhook, API, metrics and terminal", async () => {
  await using mail = await startMailServer();
  const posted: string[] = [];
  await using hook = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    posted.push(await request.text());
    return new Response();
  });
  await using program = wholeProgram({
    env: {
      SMTP_HOST: "localhost",
      SMTP_PORT: String(mail.port),
      SMTP_USER: USER,
      SMTP_PASS: PASSWORD,
      SMTP_CA_FILE: CA_FILE,
      ALERT_TO: "grace@example.test",
      WEBHOOK_URL: `http://127.0.0.1:${hook.addr.port}/`,
    },
    alertRules: [...ALERT_RULES, fullMoon],
  });
  await program.sweep();

  assert.match(await program.get("/alerts"), /<h2>The moon is full<\/h2><p>It rose at 16:02\.<\/p>/);
  const [taken] = mail.taken;
  assert.equal(taken?.mail.subject, "The moon is full");
  assert.match(taken?.mail.html ?? "", />Moonlight</);
  assert.match(taken?.mail.text ?? "", /It rose at 16:02\./);
  assert.equal(JSON.parse(posted[0] ?? "null").alerts[0].kind, "full_moon");
  const [alert] = JSON.parse(await program.get("/api/alerts")).alerts;
  assert.deepEqual([alert.kind, alert.headline], ["full_moon", "The moon is full"]);
  assert.match(await program.get("/api/openapi.json"), /"schema_drift","full_moon"/);
  assert.match(await program.get("/metrics"), /^tracker_alerts_open\{kind="full_moon"\} 1$/m);
  assert.match((await program.command("alerts", "list")).stdout, /full_moon .* The moon is full/);
});

Deno.test("an alert whose rule is gone is still shown, told apart and acknowledged", async () => {
  await using program = wholeProgram({});
  const { alerts } = program.services.stores;
  alerts.open({
    kind: "full_moon",
    dedupeKey: "m",
    details: "It rose.",
    at: Temporal.Instant.from("2026-11-24T16:02:00Z"),
  });
  await program.sweep();
  assert.match(await program.get("/alerts"), /An alert of a kind that this version does not know: full_moon/);
  assert.equal((await program.command("alerts", "ack", "1")).code, 0);
  assert.ok(alerts.find(1)?.acknowledgedAt !== null);
});
