import { CA_FILE, type MailServer, PASSWORD, startMailServer, USER } from "../adapters/channels/email/mail_server.ts";
import { withLoggedIn, withTracker } from "./harness.ts";
import { startTextReader } from "./text_reader.ts";
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";

/** The environment that sends mail by the server. */
function mailEnv({ port }: Pick<MailServer, "port">, password = PASSWORD): Record<string, string> {
  return {
    SMTP_HOST: "localhost",
    SMTP_PORT: String(port),
    SMTP_USER: USER,
    SMTP_PASS: password,
    SMTP_CA_FILE: CA_FILE,
    ALERT_TO: "grace@example.test",
    DASHBOARD_URL: "https://tracker.example.test/",
  };
}

/** As if the pause before the next try were over. */
function makeDue(dataDir: string): void {
  const db = new DatabaseSync(`${dataDir}/tracker.db`);
  try {
    db.exec("UPDATE notifications SET next_attempt_at = created_at WHERE next_attempt_at IS NOT NULL");
  } finally {
    db.close();
  }
}

Deno.test("a one-off scrape opens alerts and delivers them by a real mail server, once", async () => {
  await using server = await startMailServer();
  await withLoggedIn({ env: { ...mailEnv(server), THRESHOLDS: "0.01,0.02" } }, async ({ tracker }) => {
    const scrape = await tracker.run("scrape", "--json");
    assert.equal(scrape.code, 0, scrape.stderr);
    assert.equal(JSON.parse(scrape.stdout).outcome, "stored");
    assert.equal(server.taken.length, 1);
    const [{ mail, to } = assert.fail("no mail")] = server.taken;
    assert.deepEqual(to, ["grace@example.test"]);
    assert.match(mail.text ?? "", /passed \$0\.01[, ]/);
    assert.match(mail.text ?? "", /\$0\.02/);
    assert.match(mail.html ?? "", /https:\/\/tracker\.example\.test\//);
    assert.equal((await tracker.run("scrape")).code, 0);
    assert.equal(server.taken.length, 1);
    const { alerts } = JSON.parse((await tracker.run("alerts", "list", "--json")).stdout);
    const hit = alerts.find((alert: { kind: string }) => alert.kind === "threshold_hit");
    assert.deepEqual(hit.notifications.map((one: { state: string }) => one.state), ["delivered"]);
    assert.equal(hit.notifications[0].message_id, mail.messageId);
    assert.match((await tracker.run("alerts", "list")).stdout, /threshold_hit .* open .* email delivered/);
  });
});

Deno.test("the exit code of a scrape does not depend on the mail, which the next sweep delivers", async () => {
  let isAway = true;
  await using server = await startMailServer({ data: () => isAway ? "451 4.3.0 try later" : null });
  await withLoggedIn({ env: { ...mailEnv(server), THRESHOLDS: "0.01" } }, async ({ tracker }) => {
    assert.equal((await tracker.run("scrape")).code, 0);
    const { alerts } = JSON.parse((await tracker.run("alerts", "list", "--json")).stdout);
    assert.equal(alerts[0].notifications[0].state, "deferred");
    assert.match(alerts[0].notifications[0].last_error, /451/);
    isAway = false;
    makeDue(tracker.dataDir);
    const { delivered, waiting } = JSON.parse((await tracker.run("alerts", "sweep", "--json")).stdout);
    assert.deepEqual([delivered, waiting, server.taken.length], [1, 0, 1]);
    assert.equal((await tracker.run("alerts", "ack", String(alerts[0].id))).code, 0);
    assert.match((await tracker.run("alerts", "list")).stdout, /acknowledged/);
    assert.equal((await tracker.run("alerts", "ack", "999")).code, 2);
  });
});

Deno.test("a scrape that fails is an alert at once, and its exit code is its own", async () => {
  await using server = await startMailServer();
  await withLoggedIn({ env: mailEnv(server) }, async ({ tracker, sim }) => {
    await tracker.run("scrape");
    const before = server.taken.length;
    await sim.stop();
    assert.equal((await tracker.run("scrape")).code, 13);
    const last = server.taken.at(-1)?.mail;
    assert.equal(server.taken.length, before + 1);
    assert.equal(last?.subject, "The usage page cannot be read");
  });
});

Deno.test("alerts test sends a message by each channel, and tells how to mend what is wrong", async () => {
  await using server = await startMailServer();
  await withTracker(mailEnv(server), async (tracker) => {
    const good = await tracker.run("alerts", "test", "--json");
    assert.equal(good.code, 0, good.stderr);
    assert.deepEqual(JSON.parse(good.stdout).channels.map((one: { ok: boolean }) => one.ok), [true]);
    assert.match(server.taken[0]?.mail.subject ?? "", /^Test/);
    assert.equal((await tracker.run("alerts", "test", "--channel", "webhook")).code, 2);
    assert.equal((await tracker.run("alerts", "test", "--channel", "pigeon")).code, 2);
  });
  await withTracker(mailEnv(server, "wrong"), async (tracker) => {
    const bad = await tracker.run("alerts", "test");
    assert.equal(bad.code, 1);
    assert.match(bad.stderr, /535 authentication failed/);
    assert.match(bad.stderr, /Try: {3}Check SMTP_USER and SMTP_PASS/);
  });
  await withTracker({}, async (tracker) => assert.equal((await tracker.run("alerts", "test")).code, 2));
});

Deno.test("serve sweeps after its scrape and mails what it found", async () => {
  await using server = await startMailServer();
  const env = { ...mailEnv(server), BIND: "127.0.0.1:0", THRESHOLDS: "0.01" };
  await withLoggedIn({ env }, async ({ tracker }) => {
    const child = tracker.spawn("serve");
    const log = startTextReader(child.stderr);
    await log.waitFor(/notification\.delivered/);
    child.kill("SIGTERM");
    assert.equal((await child.status).code, 0);
    await log.ended;
    await child.stdout.cancel();
    const { runs } = JSON.parse((await tracker.run("runs", "list", "--job", "alert-sweep", "--json")).stdout);
    assert.ok(runs.some(({ key }: { key: string }) => /^after:\d+:\d+$/.test(key)));
    assert.ok(runs.some(({ key }: { key: string }) => /^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/.test(key)));
  });
  assert.match(server.taken[0]?.mail.subject ?? "", /passed \$0\.01/);
});
