import {
  AT,
  begin,
  FAILURE,
  LATER,
  leaseOf,
  type NotesTx,
  openRun,
  type StoreUnderTest,
  type Test,
} from "./run_store_helpers.ts";
import { stepsSuite } from "./run_store_steps_suite.ts";
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";

/** Registers the tests that every run store must pass. */
export function runStoreSuite(name: string, make: () => StoreUnderTest): void {
  const test = (title: string, body: (under: StoreUnderTest) => void) =>
    Deno.test(`${name}: ${title}`, () => {
      using under = make();
      body(under);
    });
  openAndFind(test);
  claims(test);
  stepsSuite(test);
  ends(test);
  cancelling(test);
  listing(test);
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
    deepStrictEqual(keys({ before: a.id + 2, limit: 5 }), ["b", "a"]);
    deepStrictEqual(keys({ before: a.id + 2, status: "succeeded" }), ["a"]);
    deepStrictEqual(keys({ before: a.id }), []);
  });
}
