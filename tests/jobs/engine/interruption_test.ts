import { gatedJob, Harness, never } from "./harness.ts";
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";

Deno.test("stop() interrupts a run without failing it or its step, and the next start goes on with it", async () => {
  const harness = new Harness();
  const bodies: string[] = [];
  const engine = harness.engine([gatedJob(never(), bodies)]);
  const started = engine.start("job", "k", null);
  await harness.time.settle();
  await engine.stop();
  const interrupted = await started;
  deepStrictEqual([interrupted.status, interrupted.failure], ["running", null]);
  deepStrictEqual(harness.store.attempts(interrupted.id).map(({ failure }) => failure), [null, null]);
  deepStrictEqual(harness.eventNames().at(-1), "run.interrupted");
  harness.dead.add("p1");
  const [resumed] = await harness.engine([gatedJob(Promise.resolve(), bodies)], { self: "p2" }).resume();
  deepStrictEqual([resumed?.status, bodies], ["succeeded", ["a", "b", "b"]]);
  strictEqual(harness.time.sleeping, 0);
});

Deno.test("stop() waits no longer than the grace time for a body that ignores its signal", async () => {
  const harness = new Harness();
  const engine = harness.engine([{ name: "job", run: never }], { graceMs: 2_000 });
  const started = engine.start("job", "k", null);
  await harness.time.settle();
  const before = harness.time.now();
  await harness.time.until(engine.stop());
  strictEqual(harness.time.now().since(before).total("milliseconds"), 2_000);
  strictEqual((await started).status, "running");
});

Deno.test("stop() ends a pause between two tries at once", async () => {
  const harness = new Harness();
  const engine = harness.engine([{
    name: "job",
    async run({ step }) {
      await step("a", () => Promise.reject(new Error("no")), { attempts: 2, delayMs: 60_000 });
      return null;
    },
  }]);
  const started = engine.start("job", "k", null);
  await harness.time.settle();
  await engine.stop();
  strictEqual((await started).status, "running");
});

Deno.test("a stopped engine starts nothing, and lets go of those who wait for another process", async () => {
  const harness = new Harness();
  harness.store.open({ job: "job", key: "k", input: null, owner: "p9", at: harness.time.now() });
  const engine = harness.engine([gatedJob(never())]);
  const waiting = engine.start("job", "k", null);
  await harness.time.settle();
  await engine.stop();
  strictEqual((await waiting).status, "running");
  await rejects(engine.start("job", "k2", null), /tracker is stopping/);
  await rejects(engine.resume(), /tracker is stopping/);
  strictEqual(harness.store.list().length, 1);
});

Deno.test("cancel() ends a run of this process at once", async () => {
  const harness = new Harness();
  const engine = harness.engine([gatedJob(never())]);
  const started = engine.start("job", "k", null);
  await harness.time.settle();
  const [running] = harness.store.list();
  strictEqual(engine.cancel(running?.id ?? 0), true);
  const run = await started;
  deepStrictEqual([run.status, run.failure], ["cancelled", null]);
  strictEqual(engine.cancel(run.id), false);
  strictEqual(harness.time.now().toString(), "2026-11-21T19:00:00Z");
});

Deno.test("cancel() from another process is noticed during a step, within the poll", async () => {
  const harness = new Harness();
  const started = harness.engine([gatedJob(never())], { self: "p1" }).start("job", "k", null);
  await harness.time.settle();
  const [running] = harness.store.list();
  strictEqual(harness.engine([gatedJob(never())], { self: "p2" }).cancel(running?.id ?? 0), true);
  await harness.time.advance(999);
  strictEqual(harness.store.list()[0]?.status, "running");
  await harness.time.advance(1);
  strictEqual((await started).status, "cancelled");
});

Deno.test("cancel() from another process is noticed before the next step begins", async () => {
  const harness = new Harness();
  const bodies: string[] = [];
  const engine = harness.engine([{
    name: "job",
    async run({ run, step }) {
      await step("a", () => (harness.store.requestCancel(run.id, harness.time.now()), Promise.resolve(1)));
      await step("b", () => (bodies.push("b"), Promise.resolve(2)));
      return null;
    },
  }]);
  const run = await engine.start("job", "k", null);
  deepStrictEqual([run.status, bodies, harness.store.steps(run.id).length], ["cancelled", [], 1]);
});

Deno.test("a cancel request outlives the crash of the process that it was meant for", async () => {
  const harness = new Harness();
  const orphan = harness.orphan();
  harness.store.requestCancel(orphan.id, harness.time.now());
  const bodies: string[] = [];
  const [run] = await harness.engine([gatedJob(never(), bodies)]).resume();
  deepStrictEqual([run?.status, bodies], ["cancelled", []]);
});

Deno.test("cancel() of a run whose process died needs no process that knows its job", () => {
  const harness = new Harness();
  const orphan = harness.orphan({ job: "removed" });
  strictEqual(harness.engine([]).cancel(orphan.id), true);
  strictEqual(harness.store.find(orphan.id)?.status, "cancelled");
});

Deno.test("a cancelled run can be retried to its end", async () => {
  const harness = new Harness();
  const orphan = harness.orphan();
  const engine = harness.engine([gatedJob(Promise.resolve())]);
  engine.cancel(orphan.id);
  deepStrictEqual([(await engine.retry(orphan.id)).status, harness.eventNames()], [
    "succeeded",
    ["run.cancelled", "run.retried", "step.succeeded", "step.succeeded", "run.succeeded"],
  ]);
});

Deno.test("retry() refuses runs that succeeded, still run or are not there", async () => {
  const harness = new Harness();
  const engine = harness.engine([gatedJob(Promise.resolve())]);
  const run = await engine.start("job", "k", null);
  const other = harness.store.open({ job: "job", key: "k2", input: null, owner: "p9", at: harness.time.now() }).run;
  await rejects(engine.retry(run.id), /must be failed or cancelled: it is succeeded/);
  await rejects(engine.retry(other.id), /must be failed or cancelled: it is running/);
  await rejects(engine.retry(999), /no such run/);
});
