import { deliveryFailed } from "../../../../adapters/channels/email/failures.ts";
import { MAIL_TIMEOUTS } from "../../../../adapters/channels/email/server.ts";
import { secret } from "../../../../domain/config.ts";
import { tempDir } from "../../../temp_dir.ts";
import { calm, failureOf, mailChannel, MESSAGE } from "./mail_channel.ts";
import { type MailServerOptions, PASSWORD, startMailServer, USER } from "./mail_server.ts";
import assert from "node:assert/strict";

/** How a delivery to such a server fails, with its port written as PORT. */
async function failed(options: MailServerOptions, settings: Parameters<typeof mailChannel>[1] = {}) {
  await using server = await startMailServer(options);
  const { message, hint, isPermanent } = await failureOf(
    mailChannel(server, settings).send(MESSAGE, { signal: calm() }),
  );
  return { message: message.replace(String(server.port), "PORT"), hint: hint ?? "", isPermanent, server };
}

Deno.test("a 4xx is tried again, a 5xx is final, whoever is refused", async () => {
  const cases: [MailServerOptions, string, boolean][] = [
    [{ data: () => "451 4.3.0 try later" }, "The mail server put off the message: 451 4.3.0 try later", false],
    [
      { data: () => "550 5.7.1 looks like spam" },
      "The mail server refused the message: 550 5.7.1 looks like spam",
      true,
    ],
    [
      { recipient: () => "550 5.1.1 no such user" },
      "The mail server refused ada@example.test: 550 5.1.1 no such user",
      true,
    ],
    [{ recipient: () => "450 4.2.1 busy" }, "The mail server put off ada@example.test: 450 4.2.1 busy", false],
    [{ sender: () => "553 5.7.1 not yours" }, "The mail server refused the sender: 553 5.7.1 not yours", true],
    // Gmail's limit for a day: its code says for ever, and it passes.
    [
      { data: () => "550 5.4.5 limit exceeded" },
      "The mail server put off the message: 550 5.4.5 limit exceeded",
      false,
    ],
  ];
  for (const [options, expected, isPermanent] of cases) {
    const failure = await failed(options);
    assert.equal(failure.message, expected);
    assert.equal(failure.isPermanent, isPermanent, expected);
    assert.equal(failure.server.taken.length, 0);
  }
});

Deno.test("one recipient put off and one refused: it is tried again", async () => {
  const failure = await failed(
    { recipient: (one) => one.startsWith("ada") ? "450 4.2.1 busy" : "550 5.1.1 no such user" },
    { to: ["ada@example.test", "grace@example.test"] },
  );
  assert.equal(failure.isPermanent, false);
});

Deno.test("a wrong password is not the message's fault: it waits until a person mends it", async () => {
  const failure = await failed({}, { password: secret("not the password") });
  assert.equal(failure.message, "535 authentication failed: 5.7.8 wrong");
  assert.match(failure.hint, /SMTP_USER and SMTP_PASS/);
  assert.equal(failure.isPermanent, false);
  assert.equal(failure.server.seen.length, 0);
});

Deno.test("Gmail's refusal names the App Password and the page about it", () => {
  const error = Object.assign(new Error("Invalid login"), {
    code: "EAUTH",
    response: "535-5.7.8 Username and Password not accepted. For more information, go to\n535 5.7.8 https://support",
    responseCode: 535,
  });
  const server = {
    host: "smtp.gmail.com",
    port: 587,
    login: { user: "ada@gmail.com", password: secret("hunter22") },
    from: "ada@gmail.com",
    to: ["ada@gmail.com"],
    caFile: null,
    timeouts: MAIL_TIMEOUTS,
  };
  const failure = deliveryFailed(error, { server, isLate: false });
  assert.equal(
    failure.message,
    "535 authentication failed: Gmail needs an App Password, see https://support.google.com/accounts/answer/185833",
  );
  assert.equal(failure.isPermanent, false);
  assert.match(failure.hint ?? "", /2-Step Verification/);
  const elsewhere = deliveryFailed(error, { server: { ...server, host: "smtp.gmail.com.evil.test" }, isLate: false });
  assert.doesNotMatch(elsewhere.message, /Gmail/);
});

Deno.test("a check finds the same faults as a delivery", async () => {
  const cases: [MailServerOptions, Parameters<typeof mailChannel>[1], RegExp][] = [
    [{}, { password: secret("not the password") }, /^535 authentication failed/],
    [{}, { caFile: null }, /^Cannot trust the certificate/],
    [{ encryption: "none" }, {}, /offers no encryption/],
    [{ connect: () => "554 5.7.1 go away" }, {}, /turned the connection away: 554/],
  ];
  for (const [options, settings, expected] of cases) {
    await using server = await startMailServer(options);
    const failure = await failureOf(mailChannel(server, settings).check({ signal: calm() }));
    assert.match(failure.message, expected);
    assert.equal(failure.isPermanent, false);
    assert.ok(failure.hint);
  }
});

Deno.test("a connection that drops after the message was sent is tried again with the same Message-ID", async () => {
  let isFirst = true;
  await using server = await startMailServer({ data: () => isFirst ? (isFirst = false, "drop") : null });
  const channel = mailChannel(server);
  const failure = await failureOf(channel.send(MESSAGE, { signal: calm() }));
  assert.equal(failure.isPermanent, false);
  assert.match(failure.message, /broke off/);
  await channel.send(MESSAGE, { signal: calm() });
  assert.deepEqual(server.seen.map(({ mail }) => mail.messageId), [MESSAGE.messageId, MESSAGE.messageId]);
  assert.equal(server.taken.length, 1);
});

Deno.test("without STARTTLS nothing is sent, and no password either", async () => {
  const failure = await failed({ encryption: "none" });
  assert.match(failure.message, /^The mail server offers no encryption \(STARTTLS\) on port PORT: 5/);
  assert.match(failure.hint, /SMTP_PORT/);
  assert.equal(failure.isPermanent, false);
  assert.deepEqual([failure.server.logins.length, failure.server.seen.length], [0, 0]);
});

Deno.test("a certificate that is unknown, of another host or out of date is not trusted, and SMTP_CA_FILE is named", async () => {
  const cases: [MailServerOptions, Parameters<typeof mailChannel>[1]][] = [
    [{}, { caFile: null }],
    [{ certificate: "elsewhere" }, {}],
    [{ certificate: "expired" }, {}],
  ];
  for (const [options, settings] of cases) {
    const failure = await failed(options, settings);
    assert.match(failure.message, /^Cannot trust the certificate of the mail server 127\.0\.0\.1:PORT: /);
    assert.match(failure.hint, /SMTP_CA_FILE/);
    assert.equal(failure.isPermanent, false);
    assert.deepEqual([failure.server.logins.length, failure.server.seen.length], [0, 0]);
  }
});

Deno.test("silence ends in a time-out: before the greeting, after the message, and in all", async () => {
  const quiet = { connectMs: 300, greetingMs: 300, silenceMs: 300 };
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted: Deno.Conn[] = [];
  const accepting = listener.accept().then((connection) => accepted.push(connection));
  const channel = mailChannel(listener.addr, { timeouts: quiet });
  const greeting = await failureOf(channel.send(MESSAGE, { signal: calm() }));
  assert.match(greeting.message, /did not answer in time$/);
  await accepting;
  for (const connection of accepted) connection.close();
  for (const timeouts of [{ silenceMs: 300 }, { totalMs: 1_000 }]) {
    const failure = await failed({ data: () => "silence" }, { timeouts });
    assert.match(failure.message, /127\.0\.0\.1:PORT did not answer in time$/);
    assert.equal(failure.isPermanent, false);
  }
});

Deno.test("a server that is not there or has no name is told plainly", async () => {
  const port = (() => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    return listener.addr.port;
  })();
  const refused = await failureOf(mailChannel({ port }).send(MESSAGE, { signal: calm() }));
  assert.equal(refused.message, `The mail server 127.0.0.1:${port} refuses connections`);
  const nameless = mailChannel({ port }, { host: "smtp.invalid", timeouts: { connectMs: 5_000 } });
  const unknown = await failureOf(nameless.send(MESSAGE, { signal: calm() }));
  assert.match(unknown.message, /^Cannot find the mail server "smtp\.invalid": |did not answer in time$/);
  assert.equal(unknown.isPermanent, false);
});

Deno.test("an authority's file that has gone is told of as such", async () => {
  using dir = tempDir();
  const failure = await failed({}, { caFile: `${dir.path}/gone.pem` });
  assert.match(failure.message, /^SMTP_CA_FILE cannot be read/);
  assert.equal(failure.isPermanent, false);
});

Deno.test("a server that repeats the password or floods its answer puts neither into an error", async () => {
  const plain = new TextEncoder().encode(`\0${USER}\0${PASSWORD}`).toBase64();
  const echo = `535 you sent ${PASSWORD} as ${plain} ${"x".repeat(5_000)}`;
  const failure = await failed({ login: () => echo });
  assert.ok(!failure.message.includes(PASSWORD) && !failure.message.includes(plain), failure.message);
  assert.match(failure.message, /you sent \[redacted\] as/);
  assert.ok(failure.message.length < 400, String(failure.message.length));
  await using server = await startMailServer({ login: () => echo });
  const whole = await failureOf(mailChannel(server).send(MESSAGE, { signal: calm() }));
  assert.ok(!Deno.inspect(whole, { depth: 9 }).includes(PASSWORD));
});
