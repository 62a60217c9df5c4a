import { FencedError, type Lease, type Run, type RunStore } from "../../domain/runs/run.ts";
import { AT, begin, FAILURE, LATER, leaseOf, type NotesTx, openRun, type Test } from "./run_store_helpers.ts";
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";

/** Steps, their tries, and the fence that every write under a lease stands behind. */
export function stepsSuite(test: Test): void {
  steps(test);
  failedTries(test);
  fences(test);
}

function steps(test: Test): void {
  test("startAttempt() numbers the tries of each step from 1 over all executions", ({ store }) => {
    const run = openRun(store);
    strictEqual(store.startAttempt(leaseOf(run), "a", AT), 1);
    strictEqual(store.startAttempt(leaseOf(run), "b", AT), 1);
    const again = store.claim(run.id, { owner: "p2", from: ["running"], fence: 1, at: AT });
    strictEqual(store.startAttempt(leaseOf(again ?? run), "a", LATER), 2);
    const kept = store.attempts(run.id).map((one) => [one.step, one.number, one.startedAt.toString(), one.finishedAt]);
    deepStrictEqual(kept, [
      ["a", 1, "2026-11-21T19:00:00.125Z", null],
      ["b", 1, "2026-11-21T19:00:00.125Z", null],
      ["a", 2, "2026-11-21T19:05:00.125Z", null],
    ]);
  });

  test("completeStep() remembers the result, ends the try and keeps what save wrote", ({ store, notes }) => {
    const run = openRun(store);
    const attempt = begin(store, run, { step: "b" });
    const save = (tx: NotesTx) => (tx.add("saved"), { rows: [1, 2] });
    deepStrictEqual(store.completeStep(leaseOf(run), { step: "b", attempt, at: LATER, save }), { rows: [1, 2] });
    const second = begin(store, run, { at: LATER });
    store.completeStep(leaseOf(run), { step: "a", attempt: second, at: LATER, save: () => null });
    deepStrictEqual(store.steps(run.id), [
      { runId: run.id, name: "b", result: { rows: [1, 2] }, finishedAt: LATER },
      { runId: run.id, name: "a", result: null, finishedAt: LATER },
    ]);
    strictEqual(store.attempts(run.id)[0]?.finishedAt?.toString(), "2026-11-21T19:05:00.125Z");
    deepStrictEqual(notes(), ["saved"]);
  });

  test("completeStep() remembers a result that is not flushed too, and ends the try", ({ store }) => {
    const run = openRun(store);
    const attempt = begin(store, run);
    store.completeStep(leaseOf(run), { step: "a", attempt, at: LATER, isFlushed: false, save: () => 1 });
    deepStrictEqual(store.steps(run.id).map(({ name, result }) => [name, result]), [["a", 1]]);
    strictEqual(store.attempts(run.id).every(({ finishedAt }) => finishedAt !== null), true);
  });

  test("completeStep() writes nothing where save throws", ({ store, notes }) => {
    const run = openRun(store);
    const attempt = begin(store, run);
    const save = (tx: NotesTx): null => {
      tx.add("half");
      throw new Error("no more");
    };
    throws(() => store.completeStep(leaseOf(run), { step: "a", attempt, at: LATER, save }), /no more/);
    deepStrictEqual([store.steps(run.id), notes()], [[], []]);
    strictEqual(store.attempts(run.id)[0]?.finishedAt, null);
  });

  test("completeStep() refuses a second result of a step, and what came with it", ({ store, notes }) => {
    const run = openRun(store);
    const attempt = begin(store, run);
    const complete = (note: string) =>
      store.completeStep(leaseOf(run), { step: "a", attempt, at: AT, save: (tx) => (tx.add(note), note) });
    complete("first");
    throws(() => complete("second"));
    deepStrictEqual([store.steps(run.id).map((step) => step.result), notes()], [["first"], ["first"]]);
  });
}

function failedTries(test: Test): void {
  test("failAttempt() keeps the failure with what save wrote, and the step stays open", ({ store, notes }) => {
    const run = openRun(store);
    const attempt = begin(store, run);
    const save = (tx: NotesTx) => tx.add("evidence");
    store.failAttempt(leaseOf(run), { step: "a", attempt, at: LATER, failure: FAILURE, save });
    deepStrictEqual(store.attempts(run.id), [
      { runId: run.id, step: "a", number: 1, retry: 0, startedAt: AT, finishedAt: LATER, failure: FAILURE },
    ]);
    deepStrictEqual([store.steps(run.id), notes()], [[], ["evidence"]]);
  });

  test("failAttempt() writes nothing where save throws", ({ store, notes }) => {
    const run = openRun(store);
    const attempt = begin(store, run);
    const save = (tx: NotesTx) => {
      tx.add("half");
      throw new Error("no more");
    };
    throws(() => store.failAttempt(leaseOf(run), { step: "a", attempt, at: AT, failure: FAILURE, save }), /no more/);
    deepStrictEqual([store.attempts(run.id)[0]?.failure, notes()], [null, []]);
  });
}

function fences(test: Test): void {
  const save = (tx: NotesTx) => (tx.add("late"), 1);
  const writes: { [name: string]: (store: RunStore<NotesTx>, lease: Lease) => unknown } = {
    startAttempt: (store, lease) => store.startAttempt(lease, "a", AT),
    completeStep: (store, lease) => store.completeStep(lease, { step: "a", attempt: 1, at: AT, save }),
    failAttempt: (store, lease) =>
      store.failAttempt(lease, { step: "a", attempt: 1, at: AT, failure: FAILURE, save: (tx) => tx.add("late") }),
    succeed: (store, lease) => store.succeed(lease, 1, AT),
    fail: (store, lease) => store.fail(lease, FAILURE, AT, (tx) => tx.add("late")),
    cancel: (store, lease) => store.cancel(lease, AT),
  };
  const losses: { [how: string]: (store: RunStore<NotesTx>, run: Run) => Lease } = {
    "after a take-over": (store, run) => {
      store.claim(run.id, { owner: "p2", from: ["running"], fence: 1, at: AT });
      return leaseOf(run);
    },
    "by another owner": (_store, run) => ({ ...leaseOf(run), owner: "p9" }),
    "after the run's end": (store, run) => {
      store.cancel(leaseOf(run), AT);
      return leaseOf(run);
    },
  };
  for (const [method, write] of Object.entries(writes)) {
    for (const [how, lose] of Object.entries(losses)) {
      test(`${method}() ${how} throws FencedError and writes nothing`, ({ store, notes }) => {
        const run = openRun(store);
        store.startAttempt(leaseOf(run), "a", AT);
        const stale = lose(store, run);
        const before = [store.find(run.id), store.attempts(run.id)];
        throws(() => write(store, stale), FencedError);
        deepStrictEqual([store.find(run.id), store.attempts(run.id), store.steps(run.id), notes()], [
          ...before,
          [],
          [],
        ]);
      });
    }
  }
}
