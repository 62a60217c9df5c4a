import type { Message, Notice } from "../../domain/alerts/notification.ts";
import type { Stores } from "../../domain/stores.ts";
import type { Test } from "./suite.ts";
import assert from "node:assert/strict";

const AT = Temporal.Instant.from("2026-11-21T19:00:00.125Z");
const later = (minutes: number) => AT.add({ minutes });

function message(messageId: string): Message {
  return {
    messageId,
    purpose: "opened",
    subject: "Spend passed $5.00 – ünïcode",
    news: [{
      kind: "threshold_hit",
      headline: "Spend passed $5.00",
      reason: "$5.01 of this cycle are spent.",
      triggeredAt: AT.toString(),
      clearedAt: null,
    }],
    figures: [{ label: "Spent so far", value: "$5.01" }],
    days: [
      { date: "2026-11-20", spendMicros: null, isEstimated: false },
      { date: "2026-11-21", spendMicros: 5_010_000, isEstimated: true },
    ],
    dashboardUrl: null,
    createdAt: AT.toString(),
  };
}

function add(
  { notifications }: Stores,
  id: string,
  { channel = "email", notices = [] }: { channel?: string; notices?: readonly Notice[] } = {},
): number {
  return notifications.add({ channel, message: message(`<${id}@t>`), notices, createdAt: AT }).id;
}

/** Opens alerts; answers their ids. */
function open({ alerts }: Stores, ...keys: string[]): number[] {
  return keys.map((dedupeKey) => {
    alerts.open({ kind: "scrape_error", dedupeKey, details: "why", at: AT });
    return alerts.list(1)[0]?.id ?? 0;
  });
}

const opened = (alertId: number): Notice => ({ alertId, purpose: "opened" });
const cleared = (alertId: number): Notice => ({ alertId, purpose: "cleared" });
const ids = (alerts: readonly { id: number }[]) => alerts.map(({ id }) => id);

/** Registers the tests of the outbox. */
export function notifications(test: Test): void {
  drafts(test);
  tries(test);
  owed(test);
}

function drafts(test: Test): void {
  test("a message comes back from the outbox as it was added, due at once", ({ stores }) => {
    const [first = 0, second = 0] = open(stores, "k1", "k2");
    const id = add(stores, "a", { notices: [opened(first), cleared(second)] });
    const found = stores.notifications.find(id);
    assert.deepEqual(JSON.parse(JSON.stringify(found)), {
      id,
      alertId: first,
      channel: "email",
      message: message("<a@t>"),
      notices: [opened(first), cleared(second)],
      createdAt: "2026-11-21T19:00:00.125Z",
      attempts: 0,
      firstAttemptAt: null,
      nextAttemptAt: "2026-11-21T19:00:00.125Z",
      deliveredAt: null,
      givenUpAt: null,
      lastError: null,
      claimedBy: null,
    });
    assert.equal(stores.notifications.find(99), null);
  });

  test("a draft is rewritten or withdrawn, a tried message is neither", ({ stores }) => {
    const { notifications } = stores;
    const [alert = 0] = open(stores, "k1");
    const id = add(stores, "a");
    assert.equal(notifications.rewrite(id, { message: message("<b@t>"), notices: [opened(alert)] }), true);
    assert.equal(notifications.find(id)?.message.messageId, "<b@t>");
    assert.deepEqual([notifications.find(id)?.notices, notifications.find(id)?.alertId], [[opened(alert)], alert]);
    assert.deepEqual(ids(notifications.ofAlert(alert)), [id]);
    notifications.claim(id, { owner: "p1", from: null, at: AT });
    assert.equal(notifications.rewrite(id, { message: message("<c@t>"), notices: [] }), false);
    assert.equal(notifications.withdraw(id), false);
    assert.equal(notifications.find(id)?.message.messageId, "<b@t>");
    const other = add(stores, "d", { notices: [opened(alert)] });
    assert.equal(notifications.withdraw(other), true);
    assert.equal(notifications.find(other), null);
    assert.deepEqual(ids(notifications.ofAlert(alert)), [id]);
  });

  test("pending ones are listed oldest first by channel, all newest first up to a limit", ({ stores }) => {
    const { notifications } = stores;
    const [a, b, c] = [add(stores, "a"), add(stores, "b", { channel: "webhook" }), add(stores, "c")];
    assert.deepEqual(ids(notifications.pending()), [a, b, c]);
    assert.deepEqual(ids(notifications.pending("email")), [a, c]);
    assert.deepEqual(ids(notifications.list(2)), [c, b]);
  });
}

function tries(test: Test): void {
  test("claim() counts the try, and only one of two that saw the same gets it", ({ stores: { notifications, ...rest } }) => {
    const id = add({ notifications, ...rest }, "a");
    const claimed = notifications.claim(id, { owner: "p1", from: null, at: later(1) });
    assert.deepEqual([claimed?.attempts, claimed?.claimedBy], [1, "p1"]);
    assert.equal(notifications.claim(id, { owner: "p2", from: null, at: later(1) }), null);
    const taken = notifications.claim(id, { owner: "p2", from: "p1", at: later(2) });
    assert.deepEqual([taken?.attempts, taken?.claimedBy], [2, "p2"]);
    assert.equal(taken?.firstAttemptAt?.toString(), later(1).toString());
    assert.equal(notifications.claim(99, { owner: "p2", from: null, at: AT }), null);
  });

  test("a delivery is recorded by its owner only, and ends the waiting", ({ stores }) => {
    const { notifications } = stores;
    const id = add(stores, "a");
    notifications.claim(id, { owner: "p1", from: null, at: later(1) });
    assert.equal(notifications.delivered(id, { owner: "p2", at: later(2) }), false);
    assert.equal(notifications.delivered(id, { owner: "p1", at: later(2) }), true);
    assert.equal(notifications.delivered(id, { owner: "p1", at: later(3) }), false);
    const { deliveredAt, nextAttemptAt, claimedBy } = notifications.find(id) ?? {};
    assert.deepEqual([String(deliveredAt), nextAttemptAt, claimedBy], [later(2).toString(), null, null]);
    assert.deepEqual(notifications.pending(), []);
    assert.equal(notifications.claim(id, { owner: "p1", from: null, at: later(4) }), null);
  });

  test("a failed try waits until its next one, or is given up", ({ stores }) => {
    const { notifications } = stores;
    const id = add(stores, "a");
    notifications.claim(id, { owner: "p1", from: null, at: AT });
    assert.equal(notifications.failed(id, { owner: "p2", at: AT, error: "451", retryAt: later(1) }), false);
    assert.equal(notifications.failed(id, { owner: "p1", at: AT, error: "451 later", retryAt: later(1) }), true);
    const waiting = notifications.find(id);
    assert.deepEqual([waiting?.lastError, String(waiting?.nextAttemptAt)], ["451 later", later(1).toString()]);
    assert.deepEqual([waiting?.claimedBy, waiting?.givenUpAt], [null, null]);
    notifications.claim(id, { owner: "p1", from: null, at: later(1) });
    notifications.failed(id, { owner: "p1", at: later(2), error: "550 no", retryAt: null });
    const over = notifications.find(id);
    assert.deepEqual([String(over?.givenUpAt), over?.nextAttemptAt], [later(2).toString(), null]);
    assert.deepEqual(notifications.pending(), []);
  });

  test("deliveries since a moment are told by channel", ({ stores }) => {
    const { notifications } = stores;
    const send = (name: string, at: Temporal.Instant, channel: string = "email") => {
      const id = add(stores, name, { channel });
      notifications.claim(id, { owner: "p", from: null, at });
      notifications.delivered(id, { owner: "p", at });
    };
    send("a", later(0));
    send("b", later(20));
    send("c", later(10));
    send("d", later(10), "webhook");
    assert.deepEqual(notifications.deliveredSince("email", later(10)).map(String), [later(10), later(20)].map(String));
  });
}

function owed(test: Test): void {
  test("a channel was not told of open alerts that none of its messages names", ({ stores }) => {
    const { notifications, alerts } = stores;
    const [a = 0, b = 0, c = 0, d = 0] = open(stores, "a", "b", "c", "d");
    add(stores, "m1", { notices: [opened(a)] });
    alerts.ack(c, AT);
    alerts.close(d, { at: AT, isRecovered: true });
    assert.deepEqual(ids(notifications.untold("email")), [b]);
    assert.deepEqual(ids(notifications.untold("webhook")), [a, b]);
  });

  test("a recovery is owed once where the opening was tried, not where it was given up", ({ stores }) => {
    const { notifications, alerts } = stores;
    const all = open(stores, "sent", "draft", "given up", "told", "acknowledged", "over");
    const [sent = 0, draft = 0, givenUp = 0, told = 0, known = 0, over = 0] = all;
    for (const alert of [sent, givenUp, told, known, over]) {
      const id = add(stores, `m${alert}`, { notices: [opened(alert)] });
      notifications.claim(id, { owner: "p", from: null, at: AT });
      if (alert === givenUp) notifications.failed(id, { owner: "p", at: AT, error: "550", retryAt: null });
    }
    add(stores, "draft", { notices: [opened(draft)] });
    assert.deepEqual(notifications.unrecovered("email"), []);
    for (const id of all) alerts.close(id, { at: later(1), isRecovered: id !== over });
    add(stores, "told", { notices: [cleared(told)] });
    alerts.ack(known, later(2));
    assert.deepEqual(ids(notifications.unrecovered("email")), [sent]);
    assert.deepEqual(notifications.unrecovered("webhook"), []);
  });
}
