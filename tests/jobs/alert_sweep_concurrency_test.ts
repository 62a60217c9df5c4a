import { sharedSweepHarness, spent, sweepHarness } from "./sweep_harness.ts";
import assert from "node:assert/strict";

/** A promise that the test settles. */
function gate() {
  return Promise.withResolvers<void>();
}

Deno.test("two processes that sweep at once open each alert once and send each message once", async () => {
  using test = sharedSweepHarness();
  const [first, second] = [test.other("p1"), test.other("p2")];
  for (let amount = 4; amount <= 20; amount += 4) {
    test.scrape(spent(amount));
    const results = await Promise.all([first(), second(), first(), second()]);
    const opened = results.flatMap((result) => result.opened);
    assert.equal(new Set(opened).size, opened.length);
    test.pass({ hours: 1 });
  }
  const ids = test.channel.sent.map(({ messageId }) => messageId);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(test.channel.subjects(), [
    "Spend passed $5.00",
    "Spend passed $10.00",
    "Spend passed $15.00",
    "Spend passed $18.00",
  ]);
});

Deno.test("a message that one process is sending is left to it, however long that takes", async () => {
  using test = sharedSweepHarness();
  const held = gate();
  const reached = gate();
  test.channel.fail = () => (reached.resolve(), held.promise);
  test.scrape(spent(6));
  const slow = test.sweep();
  await reached.promise;
  const [inProcess, inOther] = [await test.sweep(), await test.other("p2")()];
  assert.deepEqual([inProcess.delivered, inOther.delivered, test.channel.tried.length], [0, 0, 1]);
  held.resolve();
  assert.equal((await slow).delivered, 1);
  assert.equal((await test.sweep()).delivered, 0);
});

Deno.test("a message of a process that died while it sent it is sent once more, with the same Message-ID", async () => {
  using test = sharedSweepHarness();
  const reached = gate();
  test.channel.fail = () => (reached.resolve(), gate().promise);
  test.scrape(spent(6));
  const lost = test.other("victim")().catch(() => undefined);
  await reached.promise;
  test.dead.add("victim");
  test.channel.fail = () => undefined;
  assert.equal((await test.sweep()).delivered, 1);
  assert.deepEqual(test.channel.tried, ["<1@test>", "<1@test>"]);
  const [message] = test.stores.notifications.list(1);
  assert.deepEqual([message?.attempts, message?.deliveredAt !== null], [2, true]);
  await lost;
  // What the dead one would still write no longer counts.
  assert.equal(test.stores.notifications.list(1)[0]?.deliveredAt !== null, true);
});

Deno.test("a channel that never answers is given up on after its time, and holds up nothing for longer", async () => {
  using test = sweepHarness();
  test.channel.fail = () => gate().promise;
  test.scrape(spent(6));
  const { deferred } = await test.sweep();
  assert.equal(deferred, 1);
  assert.match(test.stores.notifications.pending()[0]?.lastError ?? "", /did not answer within 0\.2 s/);
});
