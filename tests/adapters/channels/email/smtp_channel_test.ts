import { smtpChannel } from "../../../../adapters/channels/email/channel.ts";
import { renderMessage } from "../../../../ui/messages/render.ts";
import { MESSAGES } from "../../../ui/messages/messages.ts";
import { calm, failureOf, mailChannel, MESSAGE } from "./mail_channel.ts";
import { PASSWORD, startMailServer, USER } from "./mail_server.ts";
import assert from "node:assert/strict";

Deno.test("a mail arrives by STARTTLS with text, HTML and its headers", async () => {
  await using server = await startMailServer();
  const channel = mailChannel(server, { to: ["Ada <ada@example.test>", `"Hopper, Grace" <grace@example.test>`] });
  assert.equal(channel.target, `ada@example.test, grace@example.test via 127.0.0.1:${server.port}`);
  await channel.send(MESSAGE, { signal: calm() });
  const [taken] = server.taken;
  assert.ok(taken !== undefined);
  assert.match(taken.tls ?? "", /^TLSv1\.[23]$/);
  assert.deepEqual(server.logins, [{ user: USER, password: PASSWORD }]);
  assert.deepEqual([taken.from, ...taken.to], ["tracker@example.test", "ada@example.test", "grace@example.test"]);
  const { mail } = taken;
  assert.equal(mail.subject, "Cursor: $10.00 passed — 12 days left");
  assert.equal(mail.messageId, "<threshold.2026-11@tracker>");
  assert.equal(mail.from?.name, "Tracker");
  assert.deepEqual(mail.to?.map(({ name }) => name), ["Ada", "Hopper, Grace"]);
  assert.equal(mail.date, "2026-11-21T19:15:00.000Z");
  assert.equal(mail.text?.trimEnd(), MESSAGE.text.trimEnd());
  assert.equal(mail.html?.trimEnd(), MESSAGE.html.trimEnd());
  const header = (key: string) => mail.headers.find((one) => one.key === key)?.value;
  assert.equal(header("auto-submitted"), "auto-generated");
  assert.match(header("content-type") ?? "", /^multipart\/alternative/);
  assert.equal(header("x-mailer"), undefined);
});

Deno.test("a rendered alert arrives as it was rendered, without anything that is loaded from elsewhere", async () => {
  await using server = await startMailServer();
  const message = renderMessage(MESSAGES.digest);
  await mailChannel(server).send(message, { signal: calm() });
  const mail = server.taken[0]?.mail;
  assert.equal(mail?.text?.trimEnd(), message.text.trimEnd());
  assert.equal(mail?.html?.trimEnd(), message.html.trimEnd());
  assert.deepEqual(mail?.attachments, []);
  assert.doesNotMatch(message.html, /<img|<script|<link|url\(|src=/i);
});

Deno.test("a mail arrives by TLS from the start, the host named or numbered", async () => {
  await using server = await startMailServer({ encryption: "implicit" });
  // 465 itself is not free for a test: the port's meaning is tested by its options.
  const { connectionOptions } = await import("../../../../adapters/channels/email/server.ts");
  const base = { host: "localhost", login: null, from: "a@b.test", to: [], caFile: null };
  const timeouts = { connectMs: 1, greetingMs: 1, silenceMs: 1, totalMs: 1 };
  for (const [port, secure] of [[465, true], [587, false], [25, false], [2525, false]] as const) {
    const options = connectionOptions({ ...base, port, timeouts });
    assert.deepEqual([options.secure, options.requireTLS, options.tls.rejectUnauthorized], [secure, true, true]);
  }
  await deliverImplicit(server.port);
  assert.match(server.taken[0]?.tls ?? "", /^TLSv1\.[23]$/);
});

/** Stands between port 465 and the test server's port, as nobody but root may listen below 1024. */
async function deliverImplicit(port: number): Promise<void> {
  const { default: nodemailer } = await import("nodemailer");
  const { connectionOptions } = await import("../../../../adapters/channels/email/server.ts");
  const { mailOf } = await import("../../../../adapters/channels/email/mail.ts");
  const { CA_FILE } = await import("./mail_server.ts");
  const to = ["ada@example.test"];
  const timeouts = { connectMs: 5_000, greetingMs: 5_000, silenceMs: 5_000, totalMs: 5_000 };
  const server = { host: "localhost", port: 465, login: null, from: "t@example.test", to, caFile: CA_FILE, timeouts };
  const options = { ...connectionOptions(server), port, auth: { user: USER, pass: PASSWORD } };
  await nodemailer.createTransport(options).sendMail(mailOf(MESSAGE, server, to));
}

Deno.test("no channel is made where nothing is configured", () => {
  const none = { host: null, port: 587, user: null, password: null, from: null, caFile: null, to: [] };
  assert.equal(smtpChannel(none), null);
  assert.equal(smtpChannel({ ...none, host: "smtp.example.test", from: "a@example.test" }), null);
});

Deno.test("a check logs in and sends nothing", async () => {
  await using server = await startMailServer();
  await mailChannel(server).check({ signal: calm() });
  assert.deepEqual([server.logins.length, server.seen.length], [1, 0]);
});

Deno.test("line breaks in a subject, an id or a name add no header and no recipient", async () => {
  await using server = await startMailServer();
  const injection = "\r\nBcc: eve@example.test\r\nX-Evil: 1\u2028X-Evil: 2\r\n\r\nbody";
  const message = { ...MESSAGE, subject: `Cursor${injection}`, messageId: `<a@tracker>${injection}` };
  await mailChannel(server, { from: `Tracker${injection} <tracker@example.test>` }).send(message, { signal: calm() })
    .catch(() => {});
  await mailChannel(server).send(message, { signal: calm() });
  assert.ok(server.taken.length >= 1);
  for (const { to, mail } of server.taken) {
    assert.deepEqual(to, ["ada@example.test"]);
    const keys = mail.headers.map(({ key }) => key);
    assert.ok(!keys.includes("bcc") && !keys.includes("x-evil"), keys.join());
    assert.equal(mail.subject, "Cursor Bcc: eve@example.test X-Evil: 1 X-Evil: 2 body");
    assert.equal(mail.text?.trimEnd(), MESSAGE.text.trimEnd());
  }
});

Deno.test("an abort ends a delivery at once, with its own reason", async () => {
  await using server = await startMailServer({ data: () => "silence" });
  const controller = new AbortController();
  const sending = mailChannel(server).send(MESSAGE, { signal: controller.signal });
  await server.connected;
  controller.abort(new Error("stopped by the test"));
  await assert.rejects(sending, /^Error: stopped by the test$/);
  await assert.rejects(mailChannel(server).send(MESSAGE, { signal: controller.signal }), /stopped by the test/);
  await assert.rejects(mailChannel(server).check({ signal: controller.signal }), /stopped by the test/);
});

Deno.test("what half of the recipients have is sent to the others alone at the next try", async () => {
  const busy = new Set(["grace@example.test"]);
  await using server = await startMailServer({ recipient: (one) => busy.has(one) ? "450 4.2.0 greylisted" : null });
  const channel = mailChannel(server, { to: ["ada@example.test", "Grace <grace@example.test>"] });
  const failure = await failureOf(channel.send(MESSAGE, { signal: calm() }));
  assert.equal(
    failure.message,
    "The mail server took the message for ada@example.test, but refused grace@example.test: 450 4.2.0 greylisted",
  );
  assert.equal(failure.isPermanent, false);
  busy.clear();
  await channel.send(MESSAGE, { signal: calm() });
  assert.deepEqual(server.taken.map(({ to }) => to), [["ada@example.test"], ["grace@example.test"]]);
  // Both stand in the header all the same, and another message goes to both.
  assert.equal(server.taken[1]?.mail.to?.length, 2);
  await channel.send({ ...MESSAGE, messageId: "<another@tracker>" }, { signal: calm() });
  assert.deepEqual(server.taken[2]?.to, ["ada@example.test", "grace@example.test"]);
});

Deno.test("a recipient who is refused for good is told of, and the others are not sent it again", async () => {
  await using server = await startMailServer({
    recipient: (one) => one.startsWith("grace") ? "550 5.1.1 no such user" : null,
  });
  const channel = mailChannel(server, { to: ["ada@example.test", "grace@example.test"] });
  const failure = await failureOf(channel.send(MESSAGE, { signal: calm() }));
  assert.equal(failure.isPermanent, true);
  assert.match(failure.message, /took the message for ada@example\.test, but refused grace@example\.test: 550 5\.1\.1/);
  assert.match(failure.hint ?? "", /ALERT_TO/);
  assert.equal(server.taken.length, 1);
});
