import type { Json } from "../../../domain/json.ts";
import { Harness, never } from "./harness.ts";
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";

Deno.test("step() answers its result and remembers it for the next execution", async () => {
  const harness = new Harness();
  let bodies = 0;
  const seen: number[] = [];
  const job = (fails: boolean) => ({
    name: "job",
    async run({ step }: Parameters<Parameters<Harness["run"]>[0]>[0]) {
      seen.push(await step("a", () => Promise.resolve(++bodies)));
      if (fails) throw new Error("later");
      return null;
    },
  });
  const failed = await harness.engine([job(true)]).start("job", "k", null);
  const retried = await harness.engine([job(false)], { self: "p2" }).retry(failed.id);
  deepStrictEqual([failed.status, retried.status, seen, bodies], ["failed", "succeeded", [1, 1], 1]);
});

Deno.test("stepAndSave() writes what the body made together with the result", async () => {
  const harness = new Harness();
  const run = await harness.run(async ({ stepAndSave }) => {
    const length = await stepAndSave("a", () => Promise.resolve(new Map([["x", 1]])), (tx, made) => {
      tx.add(`size ${made.size}`);
      return made.size;
    });
    strictEqual(length, 1);
    return null;
  });
  deepStrictEqual([run.status, harness.notes, harness.store.steps(run.id)[0]?.result], ["succeeded", ["size 1"], 1]);
});

Deno.test("stepAndSave() tries again where save throws, and keeps nothing of the failed save", async () => {
  const harness = new Harness();
  let saves = 0;
  const run = await harness.run(async ({ stepAndSave }) => {
    await stepAndSave("a", () => Promise.resolve(1), (tx, value) => {
      tx.add(`try ${++saves}`);
      if (saves === 1) throw new Error("constraint");
      return value;
    }, { attempts: 2 });
    return null;
  });
  deepStrictEqual([run.status, harness.notes], ["succeeded", ["try 2"]]);
});

Deno.test("commit() writes rows and result once, and not again when the run is resumed", async () => {
  const harness = new Harness();
  const orphan = harness.orphan();
  const lease = { runId: orphan.id, owner: "gone", fence: 1 };
  const attempt = harness.store.startAttempt(lease, "store", harness.time.now()) ?? 0;
  const at = harness.time.now();
  harness.store.completeStep(lease, { step: "store", attempt, at, save: (tx) => (tx.add("row"), "first") });
  let result: Json = null;
  const run = await harness.run(async ({ commit }) => {
    result = await commit("store", (tx) => (tx.add("row"), "second"));
    return null;
  });
  deepStrictEqual([run.id, run.status, result, harness.notes], [orphan.id, "succeeded", "first", ["row"]]);
});

Deno.test("commit() fails the run and writes nothing where its write throws", async () => {
  const harness = new Harness();
  const run = await harness.run(async ({ commit }) => {
    await commit("store", (tx) => {
      tx.add("half");
      throw new Error("no more");
    });
    return null;
  });
  deepStrictEqual([run.status, run.failure?.message, harness.notes], ["failed", "no more", []]);
});

Deno.test("a step name that is used twice fails the run, even where the job catches the error", async () => {
  const harness = new Harness();
  const run = await harness.run(async ({ step }) => {
    await step("a", () => Promise.resolve(1));
    await step("a", () => Promise.resolve(2), { attempts: 5 }).catch(() => 3);
    return null;
  });
  strictEqual(run.status, "failed");
  strictEqual(run.failure?.message, 'Cannot run step "a" as each name may be used once in a run');
  strictEqual(harness.store.attempts(run.id).length, 1);
});

Deno.test("a result that is not JSON fails the step without another try, and says where", async () => {
  const values: [unknown, RegExp][] = [
    [undefined, /the result of step "a" as it must be JSON: value is undefined/],
    [{ rows: [1, () => 2] }, /value\.rows\[1\] is a function/],
    [{ cost: NaN }, /value\.cost is NaN/],
    [new Date(0), /value is a Date/],
    [10n, /value is a bigint/],
  ];
  for (const [value, message] of values) {
    const harness = new Harness();
    const run = await harness.run(async ({ step }) => {
      await step("a", () => Promise.resolve(value as Json), { attempts: 3 });
      return null;
    });
    strictEqual(run.status, "failed");
    match(run.failure?.message ?? "", message);
    strictEqual(harness.store.attempts(run.id).length, 1);
  }
});

Deno.test("an asynchronous write in commit() is refused", async () => {
  const harness = new Harness();
  const run = await harness.run(async ({ commit }) => {
    await commit("store", () => Promise.resolve(1) as unknown as Json);
    return null;
  });
  match(run.failure?.message ?? "", /must be JSON: value is a Promise/);
});

Deno.test("steps may run side by side", async () => {
  const harness = new Harness();
  const run = await harness.run(async ({ step }) => {
    const wait = (ms: number) => async () => (await harness.time.sleep(ms), ms);
    deepStrictEqual(await Promise.all([step("a", wait(20)), step("b", wait(10))]), [20, 10]);
    return null;
  });
  deepStrictEqual(harness.store.steps(run.id).map(({ name }) => name), ["b", "a"]);
});

Deno.test("where one of two steps fails the other is aborted, and the run fails with the first one's error", async () => {
  const harness = new Harness();
  let aborted = false;
  const run = await harness.run(async ({ step }) => {
    const other = ({ signal }: { signal: AbortSignal }) =>
      new Promise<null>((resolve) =>
        signal.addEventListener("abort", () => {
          aborted = true;
          resolve(null);
        })
      );
    await Promise.all([step("a", () => Promise.reject(new Error("first"))), step("b", other)]);
    return null;
  });
  deepStrictEqual([run.status, run.failure?.message, aborted], ["failed", "first", true]);
});

Deno.test("a step that is not awaited fails the run and does not end the process", async () => {
  const harness = new Harness();
  const run = await harness.run(({ step }) => {
    step("a", never);
    return Promise.resolve(null);
  });
  strictEqual(run.status, "failed");
  match(run.failure?.message ?? "", /steps still go on: "a"/);
});

Deno.test("a step that is asked for after the run's end is refused", async () => {
  const harness = new Harness();
  let late: Promise<string> = Promise.resolve("");
  await harness.run(({ step }) => {
    late = harness.time.sleep(1).then(() => step("late", () => Promise.resolve(1)))
      .then(() => "ran", (error) => error.message);
    return Promise.resolve(null);
  });
  await harness.time.advance(1);
  strictEqual(await late, 'Cannot run step "late" as its run is over');
});

Deno.test("an output that is not JSON fails the run", async () => {
  const harness = new Harness();
  const run = await harness.run(() => Promise.resolve(undefined as unknown as null));
  match(run.failure?.message ?? "", /the run's output as it must be JSON: value is undefined/);
});

Deno.test("an ended run leaves no timer behind", async () => {
  const harness = new Harness();
  await harness.run(async ({ step }) => {
    await step("a", () => Promise.resolve(1));
    return null;
  });
  strictEqual(harness.time.sleeping, 0);
});
