import type { Failure, Lease, Run, RunStore } from "../../domain/runs/run.ts";
import { ok } from "node:assert/strict";

/** What the suite's steps write with: something that must share the step's transaction. */
export interface NotesTx {
  add(note: string): void;
}

/** A fresh store, and a look at what was written beside it. */
export interface StoreUnderTest extends Disposable {
  readonly store: RunStore<NotesTx>;
  notes(): string[];
}

export const AT = Temporal.Instant.from("2026-11-21T19:00:00.125Z");
export const LATER = AT.add({ minutes: 5 });
export const FAILURE: Failure = { name: "Boom", message: "it broke", hint: "mend it", details: { code: 7 } };

/** Registers one test of the store that is being tested. */
export type Test = (title: string, body: (under: StoreUnderTest) => void) => void;

/** A running run of process p1. */
export function openRun(store: RunStore<NotesTx>, { job = "scrape", key = "t1", owner = "p1", at = AT } = {}): Run {
  return store.open({ job, key, input: { n: 1 }, owner, at }).run;
}

/** The lease that the run was opened or claimed with. */
export function leaseOf({ id, owner, fence }: Run): Lease {
  return { runId: id, owner, fence };
}

/** Begins a try that the store must not refuse. */
export function begin(store: RunStore<NotesTx>, run: Run, { step = "a", at = AT } = {}): number {
  const attempt = store.startAttempt(leaseOf(run), step, at);
  ok(attempt !== null, "the try was refused");
  return attempt;
}
