import { DeliveryFailed } from "../../domain/alerts/notification.ts";
import { recover } from "./recover.ts";
import { budget, FakeChannel, spent, sweepHarness } from "./sweep_harness.ts";
import assert from "node:assert/strict";

type Harness = ReturnType<typeof sweepHarness>;

const away = () => {
  throw new DeliveryFailed("The server is away", { isPermanent: false });
};

/** Opens an alert as a failed scrape does. */
function failScrape({ stores, time }: Harness, key: string): void {
  stores.alerts.open({ kind: "scrape_error", dedupeKey: key, details: `${key}.`, at: time.now() });
}

const pending = ({ stores }: Harness) => stores.notifications.pending();
/** Minutes from now until the next try of the oldest message. */
const pauseMinutes = (test: Harness) => {
  const at = pending(test)[0]?.nextAttemptAt ?? null;
  return at === null ? null : test.time.now().until(at).total("minutes");
};

Deno.test("a refusal for now is tried again with the same Message-ID, with pauses from 1 minute to 6 hours", async () => {
  using test = sweepHarness();
  test.channel.fail = away;
  failScrape(test, "a");
  const pauses: (number | null)[] = [];
  for (let tries = 0; tries < 12; tries++) {
    const { deferred } = await test.sweep();
    assert.equal(deferred, 1);
    const pause = pauseMinutes(test) ?? 0;
    pauses.push(pause);
    test.pass({ seconds: pause * 60 - 30 });
    assert.equal((await test.sweep()).deferred, 0);
    test.pass({ seconds: 30 });
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]);
  test.channel.fail = () => undefined;
  assert.equal((await test.sweep()).delivered, 1);
  assert.deepEqual(new Set(test.channel.tried), new Set(["<1@test>"]));
  assert.deepEqual(pending(test), []);
});

Deno.test("a message is given up three days after its first try", async () => {
  using test = sweepHarness();
  test.channel.fail = away;
  failScrape(test, "a");
  let given = 0;
  const began = test.time.now();
  while (given === 0) {
    given = (await test.sweep()).given_up;
    if (given === 0) test.pass({ minutes: pauseMinutes(test) ?? 0 });
  }
  const days = began.until(test.time.now()).total("hours") / 24;
  assert.ok(days >= 3 && days < 3.3, `${days} days`);
  const [message] = test.stores.notifications.list(1);
  assert.equal(message?.givenUpAt?.toString(), test.time.now().toString());
  assert.equal(message?.lastError, "The server is away");
});

Deno.test("a message that waited for days while the machine was off is still tried", async () => {
  using test = sweepHarness({ env: { QUIET_HOURS: "19:00-21:00" } });
  failScrape(test, "a");
  await test.sweep();
  test.pass({ hours: 24 * 5 + 2 });
  test.channel.fail = away;
  assert.equal((await test.sweep()).deferred, 1);
});

Deno.test("a refusal for good is given up at once, and the next message goes on", async () => {
  using test = sweepHarness();
  test.channel.fail = () => {
    throw new DeliveryFailed("550 no such user", { isPermanent: true });
  };
  failScrape(test, "a");
  assert.equal((await test.sweep()).given_up, 1);
  test.channel.fail = () => undefined;
  test.pass({ hours: 1 });
  test.scrape(spent(6));
  await test.sweep();
  // Its end is no news to anybody who was never told of it.
  assert.deepEqual(test.channel.subjects(), ["Spend passed $5.00"]);
});

Deno.test("a server that asks for more time gets it, up to six hours", async () => {
  using test = sweepHarness();
  const ask = (retryAfterMs: number) => () => {
    throw new DeliveryFailed("busy", { isPermanent: false, retryAfterMs });
  };
  test.channel.fail = ask(90 * 60_000);
  failScrape(test, "a");
  await test.sweep();
  assert.equal(pauseMinutes(test), 90);
  test.pass({ minutes: 90 });
  test.channel.fail = ask(1e12);
  await test.sweep();
  assert.equal(pauseMinutes(test), 360);
});

Deno.test("a server away for a day and back gets what was tried and one digest of the rest", async () => {
  using test = sweepHarness();
  budget(test.stores, 20, "2026-11-01T00:00:00Z");
  test.channel.fail = away;
  failScrape(test, "first");
  for (let quarter = 0; quarter < 96; quarter++) {
    if (quarter === 4) test.scrape(spent(6));
    if (quarter === 8) failScrape(test, "second");
    if (quarter === 40) test.scrape(spent(11));
    await test.sweep();
    test.pass({ minutes: 15 });
  }
  const known = new Set(test.channel.tried);
  test.channel.fail = () => undefined;
  for (let quarter = 0; quarter < 30; quarter++) {
    await test.sweep();
    test.pass({ minutes: 15 });
  }
  assert.deepEqual(pending(test), []);
  assert.ok(test.channel.sent.length <= 4, `${test.channel.sent.length} messages`);
  assert.equal(new Set(test.channel.sent.map(({ messageId }) => messageId)).size, test.channel.sent.length);
  for (const id of known) assert.ok(test.channel.sent.some(({ messageId }) => messageId === id), id);
  const news = test.channel.sent.flatMap(({ text }) =>
    JSON.parse(text).news.map((one: { headline: string }) => one.headline)
  );
  assert.equal(news.filter((headline: string) => headline === "Spend passed $5.00").length, 1);
  assert.ok(news.some((headline: string) => /^Usage|Spend passed .*\$10\.00/.test(headline)), news.join("; "));
});

Deno.test("news wait for a message that is being tried again, and become one draft", async () => {
  using test = sweepHarness();
  test.channel.fail = away;
  failScrape(test, "a");
  await test.sweep();
  test.pass({ minutes: 10 });
  test.scrape(spent(6));
  test.channel.fail = away;
  await test.sweep();
  test.stores.alerts.open({ kind: "schema_drift", dedupeKey: "d", details: "lost", at: test.time.now() });
  test.stores.shapes.save({
    endpoint: "usage",
    recognizer: "aggregated_usage_events",
    fingerprint: {},
    seenAt: test.time.now(),
    drift: { lost: [], retyped: [], lostFigures: ["API cost"] },
    driftedAt: test.time.now(),
  });
  await test.sweep();
  assert.deepEqual(pending(test).map(({ attempts }) => attempts), [2, 0]);
  assert.equal(pending(test)[1]?.message.purpose, "digest");
  assert.match(pending(test)[1]?.message.subject ?? "", /^3 alerts: Spend passed \$5\.00, …$/);
});

Deno.test("a message that is refused again and again holds the others up for an hour, not for days", async () => {
  using test = sweepHarness();
  test.channel.fail = ({ messageId }) => messageId === "<1@test>" ? away() : undefined;
  failScrape(test, "a");
  await test.sweep();
  test.pass({ minutes: 1 });
  test.scrape(spent(6));
  const began = test.time.now();
  while (test.channel.sent.length === 0) {
    await test.sweep();
    test.pass({ minutes: 5 });
  }
  const minutes = began.until(test.time.now()).total("minutes");
  assert.ok(minutes > 30 && minutes < 90, `${minutes} minutes`);
});

Deno.test("four messages within an hour are enough: what comes next waits and becomes one", async () => {
  using test = sweepHarness();
  for (let number = 0; number < 10; number++) {
    failScrape(test, `failure ${number}`);
    await test.sweep();
    test.pass({ minutes: 5 });
    recover(test.stores, { at: test.time.now() });
  }
  assert.equal(test.channel.sent.length, 4);
  test.pass({ minutes: 61 });
  await test.sweep();
  assert.deepEqual([test.channel.sent.length, pending(test).length], [5, 0]);
});

Deno.test("quiet hours hold messages back until their end, in the configured zone", async () => {
  // 22:30 in Berlin.
  using test = sweepHarness({
    env: { QUIET_HOURS: "22:00-07:00", TIME_ZONE: "Europe/Berlin" },
    now: "2026-11-21T21:30:00Z",
  });
  test.scrape(spent(6));
  const { quiet_until, waiting, delivered } = await test.sweep();
  assert.deepEqual([quiet_until, waiting, delivered], ["2026-11-22T06:00:00Z", 1, 0]);
  test.time.set("2026-11-22T05:59:59Z");
  test.scrape(spent(11));
  assert.equal((await test.sweep()).delivered, 0);
  test.time.set("2026-11-22T06:00:00Z");
  assert.equal((await test.sweep()).delivered, 1);
  assert.deepEqual(test.channel.subjects(), ["Spend passed $5.00 and $10.00"]);
});

Deno.test("what is over before it could be told is not told at all", async () => {
  using test = sweepHarness({ env: { QUIET_HOURS: "19:00-07:00" } });
  failScrape(test, "a");
  await test.sweep();
  assert.equal(pending(test).length, 1);
  test.pass({ hours: 1 });
  test.scrape(spent(1));
  await test.sweep();
  assert.deepEqual(pending(test), []);
});

Deno.test("an acknowledged alert is told no more: neither that it opened nor that it is over", async () => {
  using test = sweepHarness({ env: { QUIET_HOURS: "19:00-20:30" } });
  failScrape(test, "a");
  test.scrape(spent(6));
  failScrape(test, "b");
  await test.sweep();
  const [b] = test.stores.alerts.listOpen("scrape_error");
  test.stores.alerts.ack(b?.id ?? 0, test.time.now());
  test.pass({ hours: 1 });
  await test.sweep();
  assert.deepEqual(test.channel.subjects(), ["Spend passed $5.00"]);
  recover(test.stores, { at: test.time.now() });
  await test.sweep();
  assert.equal(test.channel.sent.length, 1);
});

Deno.test("a channel that is configured later is told of what is open, not of what is over", async () => {
  const channels: FakeChannel[] = [];
  using test = sweepHarness({ channels });
  failScrape(test, "over");
  await test.sweep();
  test.pass({ hours: 1 });
  test.scrape(spent(6));
  await test.sweep();
  const mail = new FakeChannel();
  channels.push(mail);
  await test.sweep();
  assert.deepEqual(mail.subjects(), ["Spend passed $5.00"]);
});

Deno.test("each channel has messages and failures of its own", async () => {
  const [mail, webhook] = [new FakeChannel("email"), new FakeChannel("webhook")];
  using test = sweepHarness({ channels: [mail, webhook] });
  mail.fail = away;
  failScrape(test, "a");
  const { delivered, deferred } = await test.sweep();
  assert.deepEqual([delivered, deferred, webhook.sent.length, mail.sent.length], [1, 1, 1, 0]);
  assert.notEqual(webhook.tried[0], mail.tried[0]);
});

Deno.test("a clock that is set back does not make a message wait for the time that is gone", async () => {
  using test = sweepHarness();
  test.channel.fail = away;
  failScrape(test, "a");
  await test.sweep();
  test.channel.fail = () => undefined;
  test.pass({ hours: -24 * 30 });
  assert.equal((await test.sweep()).delivered, 1);
});
