import { TrackerError } from "../../../domain/errors.ts";
import type { Failure, Run } from "../../../domain/runs/run.ts";
import { backoffMs } from "../../../jobs/engine/timing.ts";
import { Harness, never, untilAborted } from "./harness.ts";
import { deepStrictEqual, strictEqual } from "node:assert/strict";

const START_MS = Temporal.Instant.from("2026-11-21T19:00:00Z").epochMilliseconds;

function startsMs(harness: Harness, run: Run): number[] {
  return harness.store.attempts(run.id).map(({ startedAt }) => startedAt.epochMilliseconds - START_MS);
}

Deno.test("backoffMs() doubles from the delay, stops at the longest pause and takes a random part of it", () => {
  const options = { delayMs: 1_000, maxDelayMs: 5_000, random: () => 0.5 };
  deepStrictEqual([1, 2, 3, 4, 5].map((failures) => backoffMs(failures, options)), [500, 1_000, 2_000, 2_500, 2_500]);
  strictEqual(backoffMs(1, { ...options, random: () => 0 }), 0);
  strictEqual(backoffMs(3, { ...options, random: () => 0.999 }), 3_996);
  strictEqual(backoffMs(2_000, { ...options, random: () => 0.5 }), 2_500);
});

Deno.test("a failing step is tried again after each pause, and its run goes on", async () => {
  const harness = new Harness();
  const tries: number[] = [];
  const run = await harness.run(async ({ step }) => {
    await step("a", ({ attempt }) => {
      tries.push(attempt);
      return attempt < 4 ? Promise.reject(new Error(`no ${attempt}`)) : Promise.resolve("yes");
    }, { attempts: 4, delayMs: 1_000 });
    return null;
  });
  deepStrictEqual([run.status, tries], ["succeeded", [1, 2, 3, 4]]);
  // Half of 1,000, of 2,000 and of 4,000 ms, one after another.
  deepStrictEqual(startsMs(harness, run), [0, 500, 1_500, 3_500]);
  deepStrictEqual(harness.store.attempts(run.id).map(({ failure }) => failure?.message ?? null), [
    "no 1",
    "no 2",
    "no 3",
    null,
  ]);
});

Deno.test("a step that fails at every try fails the run with the last error", async () => {
  const harness = new Harness();
  const error = new TrackerError("unreachable", { hint: "plug it in", exitCode: 13 });
  const run = await harness.run(async ({ step }) => {
    await step("a", () => Promise.reject(error), { attempts: 3 });
    return null;
  });
  strictEqual(harness.store.attempts(run.id).length, 3);
  deepStrictEqual(run.failure, {
    name: "TrackerError",
    message: "unreachable",
    hint: "plug it in",
    details: { exitCode: 13 },
  });
});

Deno.test("an error's own details are kept with the failure", async () => {
  const harness = new Harness();
  const error = Object.assign(new Error("layout"), { details: { evidence: "page.html" } });
  const run = await harness.run(() => Promise.reject(error));
  deepStrictEqual(run.failure?.details, { evidence: "page.html" });
});

Deno.test("a job may catch a step's failure and go on", async () => {
  const harness = new Harness();
  const run = await harness.run(async ({ step }) => {
    const source = await step("network", () => Promise.reject(new Error("drift"))).catch(() => "dom");
    await step("store", () => Promise.resolve(source));
    return null;
  });
  deepStrictEqual([run.status, harness.store.steps(run.id).map(({ result }) => result)], ["succeeded", ["dom"]]);
});

Deno.test("an error that is not retryable is not tried again", async () => {
  for (const retryable of [() => false, undefined]) {
    const harness = new Harness();
    const run = await harness.run(async ({ step }) => {
      const error = new DOMException("stop", "AbortError");
      await step("a", () => Promise.reject(error), { attempts: 3, ...(retryable && { retryable }) });
      return null;
    });
    deepStrictEqual([run.status, harness.store.attempts(run.id).length], ["failed", 1]);
  }
});

Deno.test("saveFailed writes together with each failed try", async () => {
  const harness = new Harness();
  await harness.run(async ({ step }) => {
    await step("a", ({ attempt }) => Promise.reject(new Error(`no ${attempt}`)), {
      attempts: 2,
      saveFailed: (tx, error) => tx.add(String(error)),
    });
    return null;
  });
  deepStrictEqual(harness.notes, ["Error: no 1", "Error: no 2"]);
});

Deno.test("a saveFailed that throws is logged and the try's own failure is kept", async () => {
  const harness = new Harness();
  const run = await harness.run(async ({ step }) => {
    await step("a", () => Promise.reject(new Error("the cause")), {
      saveFailed: (tx) => {
        tx.add("half");
        throw new Error("the noise");
      },
    });
    return null;
  });
  deepStrictEqual([run.failure?.message, harness.notes], ["the cause", []]);
  strictEqual(harness.eventNames().includes("step.hook_failed"), true);
});

Deno.test("a step that takes too long is aborted and tried again", async () => {
  const harness = new Harness();
  const reasons: string[] = [];
  const run = await harness.run(async ({ step }) => {
    await step("a", async (scope) => {
      if (scope.attempt === 2) return "in time";
      scope.signal.addEventListener("abort", () => reasons.push(scope.signal.reason.message));
      return await untilAborted(scope);
    }, { attempts: 2, timeoutMs: 30_000 });
    return null;
  });
  const message = 'Cannot finish step "a" as it took longer than 30000 ms';
  deepStrictEqual([run.status, reasons], ["succeeded", [message]]);
  deepStrictEqual(harness.store.attempts(run.id)[0]?.failure?.message, message);
});

Deno.test("a body that ignores its time-out is left behind after the grace time, and its late result is dropped", async () => {
  const harness = new Harness();
  const slow = Promise.withResolvers<string>();
  const run = await harness.run(async ({ step }) => {
    await step("a", () => slow.promise, { timeoutMs: 30_000, attempts: 1 });
    return null;
  });
  slow.resolve("late");
  await harness.time.settle();
  deepStrictEqual([run.status, harness.store.steps(run.id)], ["failed", []]);
  strictEqual(harness.eventNames().includes("step.abandoned"), true);
  strictEqual(harness.time.now().epochMilliseconds - START_MS, 35_000);
});

Deno.test("a run that takes too long fails, even where its body ignores the signal", async () => {
  const harness = new Harness();
  const run = await harness.run(never, { timeoutMs: 60_000 });
  deepStrictEqual([run.status, run.failure?.name], ["failed", "TimeoutError"]);
  strictEqual(run.failure?.message, "Cannot finish the run as it took longer than 60000 ms");
});

Deno.test("the failed hook writes in the transaction that marks the run failed", async () => {
  const harness = new Harness();
  const failed = (tx: { add(note: string): void }, failure: Failure, run: Run) =>
    tx.add(`${run.key}: ${failure.message}`);
  const run = await harness.run(() => Promise.reject(new Error("boom")), { failed });
  deepStrictEqual([run.status, harness.notes], ["failed", ["k: boom"]]);
});

Deno.test("a failed hook that throws is logged, and the run is failed all the same", async () => {
  const harness = new Harness();
  const failed = () => {
    throw new Error("hook");
  };
  const run = await harness.run(() => Promise.reject(new Error("boom")), { failed });
  deepStrictEqual([run.status, run.failure?.message], ["failed", "boom"]);
  strictEqual(harness.eventNames().includes("run.hook_failed"), true);
});

Deno.test("retry() goes on from the first unfinished step with fresh tries", async () => {
  const harness = new Harness();
  let isBroken = true;
  const bodies: string[] = [];
  const engine = harness.engine([{
    name: "job",
    async run({ step }) {
      await step("a", () => (bodies.push("a"), Promise.resolve(1)));
      await step("b", () => (bodies.push("b"), isBroken ? Promise.reject(new Error("no")) : Promise.resolve(2)), {
        attempts: 2,
      });
      return null;
    },
  }]);
  const failed = await harness.time.until(engine.start("job", "k", null));
  const again = await harness.time.until(engine.retry(failed.id));
  isBroken = false;
  const mended = await harness.time.until(engine.retry(failed.id));
  deepStrictEqual([failed.status, again.status, mended.status], ["failed", "failed", "succeeded"]);
  deepStrictEqual(bodies, ["a", "b", "b", "b", "b", "b"]);
  strictEqual(mended.retries, 2);
});
