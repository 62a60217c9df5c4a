import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { FencedError } from "../../domain/fenced_error.ts";
import type { Lease, RunStore } from "../../domain/ports.ts";
import type { Failure, Run } from "../../domain/run.ts";

/** What the suite's steps write with: something that must share the step's transaction. */
export interface NotesTx {
  add(note: string): void;
}

/** A fresh store, and a look at what was written beside it. */
export interface StoreUnderTest extends Disposable {
  readonly store: RunStore<NotesTx>;
  notes(): string[];
}

const AT = Temporal.Instant.from("2026-11-21T19:00:00.125Z");
const LATER = AT.add({ minutes: 5 });
const FAILURE: Failure = { name: "Boom", message: "it broke", hint: "mend it", details: { code: 7 } };

/** Registers the tests that every run store must pass. */
export function runStoreSuite(name: string, make: () => StoreUnderTest): void {
  const test = (title: string, body: (under: StoreUnderTest) => void) =>
    Deno.test(`${name}: ${title}`, () => {
      using under = make();
      body(under);
    });
  openAndFind(test);
  claims(test);
  steps(test);
  fences(test);
  ends(test);
  cancelling(test);
  listing(test);
}

type Test = (title: string, body: (under: StoreUnderTest) => void) => void;

function openRun(store: RunStore<NotesTx>, { job = "scrape", key = "t1", owner = "p1", at = AT } = {}): Run {
  return store.open({ job, key, input: { n: 1 }, owner, at }).run;
}

function leaseOf({ id, owner, fence }: Run): Lease {
  return { runId: id, owner, fence };
}

function begin(store: RunStore<NotesTx>, run: Run, { step = "a", at = AT } = {}): number {
  const attempt = store.startAttempt(leaseOf(run), step, at);
  ok(attempt !== null, "the try was refused");
  return attempt;
}

function openAndFind(test: Test): void {
  test("open() creates a running run that find() answers the same", ({ store }) => {
    const { run, created } = store.open({ job: "scrape", key: "t1", input: { a: [1, null] }, owner: "p1", at: AT });
    strictEqual(created, true);
    deepStrictEqual({ ...run, createdAt: run.createdAt.toString() }, {
      id: run.id,
      job: "scrape",
      key: "t1",
      status: "running",
      input: { a: [1, null] },
      output: null,
      failure: null,
      owner: "p1",
      fence: 1,
      retries: 0,
      createdAt: "2026-11-21T19:00:00.125Z",
      finishedAt: null,
      cancelRequestedAt: null,
    });
    deepStrictEqual(store.find(run.id), run);
  });

  test("open() joins the run of the same job and key and leaves it as it is", ({ store }) => {
    const first = openRun(store);
    const second = store.open({ job: "scrape", key: "t1", input: "other", owner: "p2", at: LATER });
    strictEqual(second.created, false);
    deepStrictEqual(second.run, first);
  });

  test("open() keeps the same key of two jobs apart", ({ store }) => {
    const ids = new Set([openRun(store, { job: "scrape" }).id, openRun(store, { job: "billing" }).id]);
    strictEqual(ids.size, 2);
  });

  test("find() answers null for a run that is not there", ({ store }) => {
    strictEqual(store.find(999), null);
    deepStrictEqual(store.steps(999), []);
    deepStrictEqual(store.attempts(999), []);
  });
}

function claims(test: Test): void {
  test("claim() takes a running run over with a larger fence and keeps its cancel request", ({ store }) => {
    const run = openRun(store);
    store.requestCancel(run.id, AT);
    const claimed = store.claim(run.id, { owner: "p2", from: ["running"], fence: 1, at: LATER });
    deepStrictEqual(
      [claimed?.owner, claimed?.fence, claimed?.retries, claimed?.cancelRequestedAt?.toString()],
      ["p2", 2, 0, "2026-11-21T19:00:00.125Z"],
    );
  });

  test("claim() of a failed run counts a retry and clears its end, failure and cancel request", ({ store }) => {
    const run = openRun(store);
    store.requestCancel(run.id, AT);
    store.fail(leaseOf(run), FAILURE, AT);
    const claimed = store.claim(run.id, { owner: "p2", from: ["failed", "cancelled"], fence: 1, at: LATER });
    deepStrictEqual(
      [claimed?.status, claimed?.retries, claimed?.failure, claimed?.finishedAt, claimed?.cancelRequestedAt],
      ["running", 1, null, null, null],
    );
  });

  test("claim() answers null for the slower of two, for another status and for no run", ({ store }) => {
    const run = openRun(store);
    const claim = { owner: "p2", from: ["running"], fence: 1, at: LATER } as const;
    strictEqual(store.claim(run.id, claim)?.fence, 2);
    strictEqual(store.claim(run.id, { ...claim, owner: "p3" }), null);
    strictEqual(store.claim(run.id, { ...claim, fence: 2, from: ["failed"] }), null);
    strictEqual(store.claim(999, claim), null);
    strictEqual(store.find(run.id)?.owner, "p2");
  });
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

function ends(test: Test): void {
  test("succeed() stores the output and the end", ({ store }) => {
    const run = openRun(store);
    store.succeed(leaseOf(run), ["done"], LATER);
    const ended = store.find(run.id);
    deepStrictEqual([ended?.status, ended?.output, ended?.finishedAt?.toString()], [
      "succeeded",
      ["done"],
      "2026-11-21T19:05:00.125Z",
    ]);
  });

  test("fail() stores the failure with what save wrote", ({ store, notes }) => {
    const run = openRun(store);
    store.fail(leaseOf(run), FAILURE, LATER, (tx) => tx.add("alert"));
    deepStrictEqual([store.find(run.id)?.status, store.find(run.id)?.failure, notes()], ["failed", FAILURE, ["alert"]]);
  });

  test("fail() writes nothing where save throws", ({ store, notes }) => {
    const run = openRun(store);
    const save = (tx: NotesTx) => {
      tx.add("half");
      throw new Error("no more");
    };
    throws(() => store.fail(leaseOf(run), FAILURE, LATER, save), /no more/);
    deepStrictEqual([store.find(run.id)?.status, notes()], ["running", []]);
  });

  test("prune() deletes old finished runs but the newest of each job, and what hangs on them", ({ store }) => {
    const old = AT.subtract({ hours: 48 });
    const end = (key: string, at: Temporal.Instant, job = "scrape") => {
      const run = openRun(store, { job, key });
      store.completeStep(leaseOf(run), {
        step: "a",
        attempt: begin(store, run, { at }),
        at,
        save: () => 1,
      });
      store.succeed(leaseOf(run), null, at);
      return run;
    };
    const first = end("k1", old);
    end("k2", old);
    end("k3", old);
    end("b1", old, "billing");
    end("k4", AT);
    openRun(store, { key: "k5", at: old });
    strictEqual(store.prune({ before: AT, keepPerJob: 2 }), 2);
    deepStrictEqual(store.list().map((run) => run.key), ["k5", "k4", "b1", "k3"]);
    deepStrictEqual([store.steps(first.id), store.attempts(first.id)], [[], []]);
    strictEqual(store.prune({ before: AT, keepPerJob: 2 }), 0);
  });

  test("a run's id is not used again after it was pruned", ({ store }) => {
    const run = openRun(store);
    store.cancel(leaseOf(run), AT);
    store.prune({ before: LATER, keepPerJob: 0 });
    strictEqual(openRun(store).id > run.id, true);
  });
}

function cancelling(test: Test): void {
  test("requestCancel() is seen by the holder and keeps the first time", ({ store }) => {
    const run = openRun(store);
    strictEqual(store.cancelRequested(leaseOf(run)), false);
    strictEqual(store.requestCancel(run.id, AT), true);
    strictEqual(store.requestCancel(run.id, LATER), true);
    strictEqual(store.cancelRequested(leaseOf(run)), true);
    strictEqual(store.find(run.id)?.cancelRequestedAt?.toString(), "2026-11-21T19:00:00.125Z");
  });

  test("startAttempt() answers null and records nothing where a cancel was requested", ({ store }) => {
    const run = openRun(store);
    store.requestCancel(run.id, AT);
    strictEqual(store.startAttempt(leaseOf(run), "a", AT), null);
    deepStrictEqual(store.attempts(run.id), []);
  });

  test("requestCancel() answers false for a finished run and for no run", ({ store }) => {
    const run = openRun(store);
    store.succeed(leaseOf(run), null, AT);
    deepStrictEqual([store.requestCancel(run.id, AT), store.requestCancel(999, AT)], [false, false]);
  });

  test("cancelRequested() is true where the lease is lost", ({ store }) => {
    const run = openRun(store);
    store.claim(run.id, { owner: "p2", from: ["running"], fence: 1, at: AT });
    strictEqual(store.cancelRequested(leaseOf(run)), true);
  });

  test("cancel() ends the run as cancelled", ({ store }) => {
    const run = openRun(store);
    store.cancel(leaseOf(run), LATER);
    deepStrictEqual([store.find(run.id)?.status, store.find(run.id)?.finishedAt?.toString()], [
      "cancelled",
      "2026-11-21T19:05:00.125Z",
    ]);
  });
}

function listing(test: Test): void {
  test("list() answers the newest first, by job, status and limit", ({ store }) => {
    const a = openRun(store, { key: "a" });
    openRun(store, { key: "b" });
    openRun(store, { key: "c", job: "billing" });
    store.succeed(leaseOf(a), null, AT);
    const keys = (filter: Parameters<typeof store.list>[0]) => store.list(filter).map((run) => run.key);
    deepStrictEqual(keys({}), ["c", "b", "a"]);
    deepStrictEqual(keys({ limit: 2 }), ["c", "b"]);
    deepStrictEqual(keys({ job: "scrape" }), ["b", "a"]);
    deepStrictEqual(keys({ status: "running" }), ["c", "b"]);
    deepStrictEqual(keys({ job: "scrape", status: "running", limit: 5 }), ["b"]);
  });
}
