import { createRunControl } from "../../../jobs/engine/control.ts";
import { gatedJob, Harness, never } from "./harness.ts";
import { deepStrictEqual, match, rejects, strictEqual, throws } from "node:assert/strict";

Deno.test("start() runs the job with its input and answers the succeeded run", async () => {
  const harness = new Harness();
  const engine = harness.engine([{ name: "job", run: ({ run }) => Promise.resolve({ got: run.input }) }]);
  const run = await engine.start("job", "2026-11-21T19:00Z", { n: 1 });
  deepStrictEqual([run.status, run.output, run.owner], ["succeeded", { got: { n: 1 } }, "p1"]);
  deepStrictEqual(harness.eventNames(), ["run.started", "run.succeeded"]);
  deepStrictEqual(harness.events[0]?.fields, { run_id: run.id, job: "job", key: "2026-11-21T19:00Z", fence: 1 });
});

Deno.test("start() answers a finished run as it is, whether it succeeded or failed", async () => {
  const harness = new Harness();
  let bodies = 0;
  const engine = harness.engine([{
    name: "job",
    run: ({ run }) => (bodies++, run.key === "bad" ? Promise.reject(new Error("no")) : Promise.resolve(1)),
  }]);
  for (const key of ["good", "bad"]) {
    const first = await engine.start("job", key, null);
    deepStrictEqual(await engine.start("job", key, null), first);
  }
  strictEqual(bodies, 2);
});

Deno.test("start() of a run that runs here waits for that one", async () => {
  const harness = new Harness();
  const bodies: string[] = [];
  const gate = Promise.withResolvers<void>();
  const engine = harness.engine([gatedJob(gate.promise, bodies)]);
  const both = Promise.all([engine.start("job", "k", null), engine.start("job", "k", null)]);
  await harness.time.settle();
  gate.resolve();
  const [first, second] = await both;
  deepStrictEqual([first.output, second.id === first.id, bodies], ["done", true, ["a", "b"]]);
});

Deno.test("start() of a run in another live process waits until that has ended it", async () => {
  const harness = new Harness();
  const gate = Promise.withResolvers<void>();
  const bodies: string[] = [];
  const job = gatedJob(gate.promise, bodies);
  const first = harness.engine([job], { self: "p1" }).start("job", "k", null);
  const second = harness.engine([job], { self: "p2" }).start("job", "k", null);
  await harness.time.advance(5_000);
  gate.resolve();
  await first;
  const joined = await harness.time.until(second);
  deepStrictEqual([joined.status, joined.owner, joined.fence, bodies], ["succeeded", "p1", 1, ["a", "b"]]);
});

Deno.test("start() takes the run over when the process that it waits for dies", async () => {
  const harness = new Harness();
  const bodies: string[] = [];
  const dying = gatedJob(never(), bodies);
  const first = harness.engine([dying], { self: "p1" }).start("job", "k", null);
  await harness.time.settle();
  const second = harness.engine([gatedJob(Promise.resolve(), bodies)], { self: "p2" }).start("job", "k", null);
  await harness.time.advance(3_000);
  harness.dead.add("p1");
  const run = await harness.time.until(second);
  deepStrictEqual([run.status, run.owner, run.fence, bodies], ["succeeded", "p2", 2, ["a", "b", "b"]]);
  // The one that was taken for dead notices that it lost the run, and leaves it alone.
  strictEqual((await harness.time.until(first)).owner, "p2");
  strictEqual(harness.eventNames().includes("run.lost"), true);
});

Deno.test("resume() finishes what dead processes left, without repeating finished steps", async () => {
  const harness = new Harness();
  const bodies: string[] = [];
  const orphan = harness.orphan();
  const lease = { runId: orphan.id, owner: "gone", fence: 1 };
  const attempt = harness.store.startAttempt(lease, "a", harness.time.now()) ?? 0;
  harness.store.completeStep(lease, { step: "a", attempt, at: harness.time.now(), save: () => 1 });
  harness.store.startAttempt(lease, "b", harness.time.now());
  const [run] = await harness.engine([gatedJob(Promise.resolve(), bodies)]).resume();
  deepStrictEqual([run?.id, run?.status, run?.fence, bodies], [orphan.id, "succeeded", 2, ["b"]]);
  deepStrictEqual(
    harness.store.attempts(orphan.id).map(({ step, number, finishedAt }) => [step, number, !!finishedAt]),
    [
      ["a", 1, true],
      ["b", 1, false],
      ["b", 2, true],
    ],
  );
});

Deno.test("resume() leaves the runs of live processes, of other jobs and of unknown jobs alone", async () => {
  const harness = new Harness();
  harness.store.open({ job: "job", key: "live", input: null, owner: "p9", at: harness.time.now() });
  harness.orphan({ job: "other", key: "other" });
  harness.orphan({ job: "removed", key: "removed" });
  const jobs = ["job", "other"].map((name) => ({ name, run: () => Promise.resolve(null) }));
  const engine = harness.engine(jobs);
  deepStrictEqual(await engine.resume({ job: "job" }), []);
  deepStrictEqual((await engine.resume()).map(({ key }) => key), ["other"]);
  deepStrictEqual(harness.store.list({ status: "running" }).map(({ key }) => key), ["removed", "live"]);
  strictEqual(harness.eventNames().includes("run.refused"), true);
});

Deno.test("resume() runs one job's runs one after another, oldest first", async () => {
  const harness = new Harness();
  const order: string[] = [];
  for (const key of ["k1", "k2"]) harness.orphan({ key });
  const engine = harness.engine([{
    name: "job",
    async run({ run }) {
      order.push(`${run.key} begins`);
      await harness.time.sleep(10);
      order.push(`${run.key} ends`);
      return null;
    },
  }]);
  await harness.time.until(engine.resume());
  deepStrictEqual(order, ["k1 begins", "k1 ends", "k2 begins", "k2 ends"]);
});

Deno.test("a step that had used up its tries before the crash fails the resumed run with the same failure", async () => {
  const harness = new Harness();
  const orphan = harness.orphan();
  const lease = { runId: orphan.id, owner: "gone", fence: 1 };
  const failure = { name: "Boom", message: "it broke", hint: "mend it", details: [1] };
  for (let number = 1; number <= 2; number++) {
    const attempt = harness.store.startAttempt(lease, "a", harness.time.now()) ?? 0;
    harness.store.failAttempt(lease, { step: "a", attempt, at: harness.time.now(), failure });
  }
  const run = await harness.run(async ({ step }) => {
    await step("a", () => Promise.resolve(1), { attempts: 2 });
    return null;
  });
  deepStrictEqual([run.status, run.failure, harness.store.attempts(run.id).length], ["failed", failure, 2]);
});

Deno.test("interrupted tries use up no tries, but the tenth one of a step is taken for a crash loop", async () => {
  for (const [interruptions, status] of [[9, "succeeded"], [10, "failed"]] as const) {
    const harness = new Harness();
    const orphan = harness.orphan();
    const lease = { runId: orphan.id, owner: "gone", fence: 1 };
    for (let n = 0; n < interruptions; n++) harness.store.startAttempt(lease, "a", harness.time.now());
    const run = await harness.run(async ({ step }) => {
      await step("a", () => Promise.resolve(1)).catch(() => 2);
      return null;
    });
    strictEqual(run.status, status);
    if (status === "failed") match(run.failure?.message ?? "", /step "a" as it was interrupted 10 times/);
  }
});

Deno.test("a process that lost its run writes neither the step's result nor the run's end", async () => {
  const harness = new Harness();
  const gate = Promise.withResolvers<void>();
  const started = harness.engine([{
    name: "job",
    async run({ stepAndSave }) {
      await stepAndSave("a", () => gate.promise, (tx) => (tx.add("late"), 1));
      return null;
    },
  }]).start("job", "k", null);
  await harness.time.settle();
  const id = harness.store.list()[0]?.id ?? 0;
  harness.store.claim(id, { owner: "p2", from: ["running"], fence: 1, at: harness.time.now() });
  gate.resolve();
  const seen = await started;
  deepStrictEqual([seen.status, seen.owner, harness.notes, harness.store.steps(id)], ["running", "p2", [], []]);
  deepStrictEqual(harness.events.at(-1)?.event, "run.lost");
});

Deno.test("a run whose end cannot be stored rejects, stays running and is taken up again by the same process", async () => {
  const harness = new Harness();
  const { store } = harness;
  let isFull = true;
  const full = () => {
    throw new Error("disk is full");
  };
  const flaky = new Proxy(store, {
    get(target, name) {
      if (isFull && (name === "succeed" || name === "fail")) return full;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const engine = harness.engine([gatedJob(Promise.resolve())], { store: flaky });
  await rejects(engine.start("job", "k", null), /disk is full/);
  strictEqual(store.list()[0]?.status, "running");
  isFull = false;
  strictEqual((await engine.resume())[0]?.status, "succeeded");
});

Deno.test("start() refuses an unknown job and an input that is not JSON, and creates nothing", async () => {
  const harness = new Harness();
  const engine = harness.engine([gatedJob(never())]);
  await rejects(engine.start("nope", "k", null), /Cannot run job "nope" as it must be one of job/);
  await rejects(engine.start("job", "k", { at: undefined } as unknown as null), /value\.at is undefined/);
  deepStrictEqual(harness.store.list(), []);
});

Deno.test("createEngine() refuses two jobs of one name", () => {
  const harness = new Harness();
  throws(() => harness.engine([gatedJob(never()), gatedJob(never())]), /names of its jobs must differ/);
});

Deno.test("prune() deletes runs that ended more than the days ago", async () => {
  const harness = new Harness();
  const engine = harness.engine([gatedJob(Promise.resolve())]);
  await engine.start("job", "old", null);
  await harness.time.advance(24 * 3_600_000 + 1);
  await engine.start("job", "new", null);
  strictEqual(engine.prune(), 0);
  strictEqual(engine.prune({ keepDays: 1, keepPerJob: 0 }), 1);
  deepStrictEqual(harness.store.list().map(({ key }) => key), ["new"]);
});

Deno.test("begin() answers the run while it goes on, joins one of the same key, and tells its end", async () => {
  const harness = new Harness();
  const gate = Promise.withResolvers<void>();
  const engine = harness.engine([gatedJob(gate.promise)]);
  const first = engine.begin("job", "k", null);
  const second = engine.begin("job", "k", null);
  strictEqual(first.run.status, "running");
  strictEqual(second.run.id, first.run.id);
  gate.resolve();
  deepStrictEqual((await Promise.all([first.ended, second.ended])).map(({ status }) => status), [
    "succeeded",
    "succeeded",
  ]);
  throws(() => engine.begin("other", "k", null), /must be one of job/);
});

Deno.test("beginRetry() answers the run as it goes on, and refuses one that did not fail", async () => {
  const harness = new Harness();
  let tries = 0;
  const run = () => ++tries === 1 ? Promise.reject(new Error("not yet")) : Promise.resolve(null);
  const engine = harness.engine([{ name: "job", run }]);
  const { id, status } = await engine.start("job", "k", null);
  strictEqual(status, "failed");
  const { run: again, ended } = engine.beginRetry(id);
  deepStrictEqual([again.status, again.retries], ["running", 1]);
  strictEqual((await ended).status, "succeeded");
  throws(() => engine.beginRetry(id), /must be failed or cancelled: it is succeeded/);
  throws(() => engine.beginRetry(999), /no such run/);
});

Deno.test("createRunControl() lists, shows, runs, retries and cancels", async () => {
  const harness = new Harness();
  const control = createRunControl(harness.engine([gatedJob(Promise.resolve())]), harness);
  const run = await control.run("job", "k", null);
  deepStrictEqual(control.list({ job: "job" }), [run]);
  deepStrictEqual(control.show(run.id)?.steps.map(({ name }) => name), ["a", "b"]);
  deepStrictEqual(control.show(run.id)?.attempts.length, 2);
  strictEqual(control.show(999), null);
  strictEqual(control.cancel(run.id), false);
  await rejects(control.retry(run.id), /succeeded/);
});

Deno.test("whoever follows the runs is told of each one that ended here, once", async () => {
  const harness = new Harness();
  const ended: string[] = [];
  const fails = { name: "fails", run: () => Promise.reject(new Error("no")) };
  const works = { name: "works", run: () => Promise.resolve(null) };
  const engine = harness.engine([works, fails], { ended: ({ job, status }) => ended.push(`${job} ${status}`) });
  await harness.time.until(engine.start("works", "k", null));
  await harness.time.until(engine.start("works", "k", null));
  await harness.time.until(engine.start("fails", "k", null));
  deepStrictEqual(ended, ["works succeeded", "fails failed"]);
});
