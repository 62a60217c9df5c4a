import { UNKNOWN_CYCLE } from "../../domain/cycle.ts";
import { makeEvent } from "../domain/events/make_event.ts";
import { dates, row } from "../domain/history/snapshots.ts";
import { budget, CYCLE, FakeChannel, spent, sweepHarness } from "./sweep_harness.ts";
import assert from "node:assert/strict";

type Harness = ReturnType<typeof sweepHarness>;
const keys = ({ stores }: Harness) => stores.alerts.list(50).map(({ dedupeKey }) => dedupeKey).reverse();
const openKinds = ({ stores }: Harness) => stores.alerts.listOpen().map(({ kind }) => kind).reverse();

Deno.test("a jump over several thresholds opens each once and sends one message that names them all", async () => {
  using test = sweepHarness();
  test.scrape(spent(4));
  await test.sweep();
  assert.deepEqual(keys(test), []);
  test.pass({ hours: 1 });
  test.scrape(spent(16));
  const first = await test.sweep();
  assert.deepEqual(first.opened, [
    "threshold_hit:2026-11-10:spend:5000000",
    "threshold_hit:2026-11-10:spend:10000000",
    "threshold_hit:2026-11-10:spend:15000000",
  ]);
  assert.deepEqual(test.channel.subjects(), ["Spend passed $5.00, $10.00 and $15.00"]);
  const again = await test.sweep();
  assert.deepEqual([again.opened, again.delivered, test.channel.sent.length], [[], 0, 1]);
});

Deno.test("a message carries figures, days, the reason and the dashboard's address", async () => {
  using test = sweepHarness();
  budget(test.stores, 20, "2026-11-01T00:00:00Z");
  test.scrape(spent(5.5), { pools: [["Cursor Models", 12.34]] });
  await test.sweep();
  const message = test.stores.notifications.list(1)[0]?.message;
  assert.deepEqual(message?.figures.slice(0, 3), [
    { label: "Cycle", value: "2026-11-10 to 2026-12-10" },
    { label: "Spent so far", value: "$5.50" },
    { label: "Budget", value: "$20.00" },
  ]);
  assert.deepEqual(message?.figures.at(-2), { label: "Cursor Models", value: "12.3 %" });
  assert.equal(message?.days.length, 12);
  assert.equal(message?.dashboardUrl, "http://tracker.test:8787/");
  assert.equal(message?.news[0]?.reason, "$5.50 is spent in this cycle.");
});

Deno.test("percentages of the budget and of pools are thresholds too, and a pool's name may be anything", async () => {
  using test = sweepHarness({ env: { THRESHOLDS: "none" } });
  budget(test.stores, 20, "2026-11-01T00:00:00Z");
  test.scrape(spent(16), { pools: [["On: demand", 100], ["Other", 79.9], ["Unknown", null]] });
  await test.sweep();
  assert.deepEqual(test.channel.subjects().length, 1);
  assert.deepEqual(keys(test).filter((key) => key.startsWith("threshold_hit")), [
    "threshold_hit:2026-11-10:budget:80:20000000",
    "threshold_hit:2026-11-10:pool:80:On: demand",
    "threshold_hit:2026-11-10:pool:100:On: demand",
  ]);
  assert.match(
    test.stores.notifications.list(1)[0]?.message.news[0]?.headline ?? "",
    /^Usage passed 80 % of the budget of \$20\.00, 80 % of On: demand and 100 % of On: demand$/,
  );
});

Deno.test("another budget has marks of its own; the old ones end in silence", async () => {
  using test = sweepHarness({ env: { THRESHOLDS: "none" } });
  budget(test.stores, 20, "2026-11-01T00:00:00Z");
  test.scrape(spent(16));
  await test.sweep();
  budget(test.stores, 40, test.time.now().toString());
  test.pass({ hours: 1 });
  await test.sweep();
  assert.ok(!openKinds(test).includes("threshold_hit"));
  test.pass({ hours: 1 });
  test.scrape(spent(33));
  const { opened } = await test.sweep();
  assert.deepEqual(opened.filter((key) => key.startsWith("threshold")), [
    "threshold_hit:2026-11-10:budget:80:40000000",
  ]);
  assert.ok(!test.channel.subjects().some((subject) => /below/.test(subject)));
});

Deno.test("figures that fall and rise again are told once", async () => {
  using test = sweepHarness();
  for (const amount of [11, 9, 11, 4, 12]) {
    test.scrape(spent(amount));
    await test.sweep();
    test.pass({ hours: 1 });
  }
  assert.deepEqual(test.channel.subjects(), ["Spend passed $5.00 and $10.00"]);
  assert.deepEqual(openKinds(test), ["threshold_hit", "threshold_hit"]);
});

Deno.test("unknown spend opens nothing and clears nothing", async () => {
  using test = sweepHarness();
  budget(test.stores, 20, "2026-11-01T00:00:00Z");
  test.scrape(spent(null));
  await test.sweep();
  assert.deepEqual(keys(test), []);
  test.pass({ hours: 1 });
  test.scrape(spent(12));
  await test.sweep();
  const before = openKinds(test);
  assert.deepEqual(before, ["threshold_hit", "threshold_hit", "projection_overrun"]);
  test.pass({ hours: 1 });
  test.scrape([...spent(12), row("new", null)]);
  await test.sweep();
  assert.deepEqual(openKinds(test), before);
});

Deno.test("an overrun is over at 95 % of the budget, and only then can it be told again", async () => {
  using test = sweepHarness({ env: { THRESHOLDS: "none", ALERT_PERCENTS: "none" } });
  // Twelve of thirty days: linear projects 2.5 times what is spent.
  test.time.set("2026-11-22T00:00:00Z");
  const project = async (amount: number) => {
    budget(test.stores, amount, test.time.now().toString());
    return await test.sweep();
  };
  test.scrape(spent(8));
  assert.deepEqual((await project(20)).opened, []);
  assert.deepEqual((await project(19.99)).opened, ["projection_overrun:2026-11-10:1"]);
  assert.deepEqual((await project(21)).cleared, []);
  assert.deepEqual((await project(19)).opened, []);
  assert.deepEqual((await project(21.06)).cleared, ["projection_overrun:2026-11-10:1"]);
  assert.deepEqual((await project(19)).opened, ["projection_overrun:2026-11-10:2"]);
  assert.deepEqual(test.channel.subjects(), [
    "The projection is over the budget",
    "The projection is back under 95 % of the budget",
    "The projection is over the budget",
  ]);
});

Deno.test("the first hours of a cycle project nothing, but spend above the budget is an overrun at once", async () => {
  using test = sweepHarness({ env: { THRESHOLDS: "none", ALERT_PERCENTS: "none" }, now: "2026-11-10T06:00:00Z" });
  budget(test.stores, 20, "2026-11-01T00:00:00Z");
  test.scrape(spent(2));
  assert.deepEqual((await test.sweep()).opened, []);
  test.pass({ hours: 1 });
  test.scrape(spent(20.01));
  assert.deepEqual((await test.sweep()).opened, ["projection_overrun:2026-11-10:1"]);
});

Deno.test("a new cycle ends the alerts of the old one in silence, and has its own", async () => {
  using test = sweepHarness();
  test.scrape(spent(6));
  await test.sweep();
  test.time.set("2026-12-10T01:00:00Z");
  const next = { cycle: dates("2026-12-10", "2027-01-10") };
  test.scrape(spent(0), next);
  assert.deepEqual((await test.sweep()).cleared, ["threshold_hit:2026-11-10:spend:5000000"]);
  test.pass({ hours: 1 });
  test.scrape(spent(5), next);
  assert.deepEqual((await test.sweep()).opened, ["threshold_hit:2026-12-10:spend:5000000"]);
  assert.deepEqual(test.channel.subjects(), ["Spend passed $5.00", "Spend passed $5.00"]);
});

Deno.test("a cycle that is over raises no alarm, and the page that shows it once more ends nothing", async () => {
  using test = sweepHarness();
  test.scrape(spent(4));
  await test.sweep();
  test.time.set("2026-12-10T00:30:00Z");
  test.scrape(spent(30));
  assert.deepEqual((await test.sweep()).opened, []);
  test.pass({ minutes: 30 });
  test.scrape(spent(6), { cycle: dates("2026-12-10", "2027-01-10") });
  assert.equal((await test.sweep()).opened.length, 1);
  test.pass({ minutes: 30 });
  test.scrape(spent(30));
  await test.sweep();
  assert.deepEqual(openKinds(test), ["threshold_hit"]);
});

Deno.test("a cycle whose start gets known later, or more exactly, keeps its alerts", async () => {
  using test = sweepHarness();
  test.scrape(spent(6), { cycle: UNKNOWN_CYCLE });
  assert.equal((await test.sweep()).opened.length, 1);
  test.pass({ hours: 1 });
  test.scrape(spent(6.5), { cycle: CYCLE });
  assert.deepEqual((await test.sweep()).opened, []);
  test.pass({ hours: 1 });
  const exact = { ...CYCLE, startAt: Temporal.Instant.from("2026-11-10T17:12:01Z") };
  test.scrape(spent(11), { cycle: exact });
  const { opened } = await test.sweep();
  assert.equal(opened.length, 1);
  assert.match(opened[0] ?? "", /^threshold_hit:since 2026-11-21T20:00:00Z:spend:10000000$/);
  assert.equal(test.channel.subjects().at(-1), "Spend passed $10.00");
});

Deno.test("the first billed money is told with the event that caused it, once", async () => {
  using test = sweepHarness({ env: { THRESHOLDS: "none" } });
  const billed = (at: string, stated: number, model: string) => makeEvent({ at, kind: "usage_based", stated, model });
  test.stores.events.merge([
    billed("2026-11-09T10:00:00Z", 990_000, "of the cycle before"),
    makeEvent({ at: "2026-11-11T10:00:00Z" }),
    billed("2026-11-21T18:30:00Z", 420_000, "opus"),
    billed("2026-11-21T19:30:00Z", 990_000, "later"),
  ]);
  test.scrape(spent(20, { costToYou: 1.41 }));
  await test.sweep();
  const [alert] = test.stores.alerts.list(1);
  assert.equal(alert?.dedupeKey, "on_demand_started:2026-11-10");
  assert.equal(
    alert?.details,
    "$1.41 is billed on top of the plan in this cycle. The first was $0.42 for a request to opus at 2026-11-21T18:30:00Z.",
  );
  test.pass({ hours: 1 });
  test.scrape(spent(20, { costToYou: 3 }));
  assert.deepEqual((await test.sweep()).opened, []);
});

Deno.test("billed money without events names the model; events of the past alone are no news", async () => {
  using test = sweepHarness({ env: { THRESHOLDS: "none" } });
  test.stores.events.merge([makeEvent({ at: "2026-10-09T10:00:00Z", kind: "usage_based", stated: 5_000_000 })]);
  test.scrape(spent(2));
  assert.deepEqual((await test.sweep()).opened, []);
  test.pass({ hours: 1 });
  test.scrape([
    row("auto", 2, { costToYou: 0.2 }),
    row("opus", 2, { costToYou: 0.3 }),
    row("x", 1, { costToYou: null }),
  ]);
  await test.sweep();
  assert.equal(
    test.stores.alerts.list(1)[0]?.details,
    "$0.50 is billed on top of the plan in this cycle, most of it for opus.",
  );
});

Deno.test("a scrape error is told, and its end too; one that ended before anybody was told is not", async () => {
  const channel = new FakeChannel();
  using test = sweepHarness({ channels: [channel] });
  test.scrape(spent(1));
  const fail = (key: string) =>
    test.stores.alerts.open({ kind: "scrape_error", dedupeKey: key, details: "Logged out.", at: test.time.now() });
  fail("a");
  await test.sweep();
  test.pass({ hours: 1 });
  test.scrape(spent(1.1));
  await test.sweep();
  assert.deepEqual(channel.subjects(), ["The usage page cannot be read", "The usage page can be read again"]);
  fail("b");
  test.pass({ hours: 1 });
  test.scrape(spent(1.2));
  await test.sweep();
  assert.equal(channel.sent.length, 2);
});

Deno.test("an anomaly is told once a day and ends with its day", async () => {
  using test = sweepHarness({ env: { THRESHOLDS: "none" }, now: "2026-11-11T12:00:00Z" });
  for (let day = 1; day <= 9; day++) {
    test.scrape(spent(day));
    assert.deepEqual((await test.sweep()).opened, []);
    test.toMidnight();
    test.pass({ hours: 12 });
  }
  test.scrape(spent(19));
  assert.deepEqual((await test.sweep()).opened, ["anomaly:2026-11-20"]);
  assert.equal(
    test.stores.alerts.list(1)[0]?.details,
    "$10.00 was spent on 2026-11-20, usually $1.00 a day: 100 % of it by opus.",
  );
  test.pass({ hours: 1 });
  test.scrape(spent(20));
  assert.deepEqual((await test.sweep()).opened, []);
  test.toMidnight();
  test.pass({ hours: 12 });
  test.scrape(spent(20.5));
  assert.deepEqual((await test.sweep()).cleared, ["anomaly:2026-11-20"]);
  assert.equal(test.channel.sent.length, 1);
});

Deno.test("a day is no anomaly against days that are only an estimate", async () => {
  using test = sweepHarness({ env: { THRESHOLDS: "none" }, now: "2026-11-21T00:00:00Z" });
  test.scrape(spent(5));
  test.pass({ hours: 12 });
  test.scrape(spent(15));
  assert.deepEqual((await test.sweep()).opened, []);
});
