import type { Heartbeat } from "../../domain/runs/run.ts";
import type { Job } from "../../jobs/job.ts";
import { withHeartbeat } from "../../jobs/maintenance.ts";
import { Harness, type Notes } from "./engine/harness.ts";
import assert from "node:assert/strict";

const good: Job<Notes> = { name: "job", run: ({ step }) => step("work", () => Promise.resolve("done")) };
const bad: Job<Notes> = { name: "job", run: () => Promise.reject(new Error("no figures")) };

/** A heartbeat that fails so many times before it arrives. */
function beats(failures: number) {
  const calls: string[] = [];
  const heartbeat: Heartbeat = {
    beat() {
      calls.push(calls.length < failures ? "failed" : "arrived");
      return calls.at(-1) === "failed" ? Promise.reject(new Error("no answer")) : Promise.resolve();
    },
  };
  return { calls, heartbeat };
}

async function run(job: Job<Notes>, heartbeat: Heartbeat | null) {
  const harness = new Harness();
  const engine = harness.engine([withHeartbeat(job, heartbeat)]);
  return { harness, run: await harness.time.until(engine.start("job", "k", null)) };
}

Deno.test("a run that ended well is told of once, and answers as without it", async () => {
  const { calls, heartbeat } = beats(0);
  const { run: ended } = await run(good, heartbeat);
  assert.deepEqual([ended.status, ended.output, calls], ["succeeded", "done", ["arrived"]]);
});

Deno.test("a run that failed is not told of", async () => {
  const { calls, heartbeat } = beats(0);
  const { run: ended } = await run(bad, heartbeat);
  assert.deepEqual([ended.status, calls], ["failed", []]);
});

Deno.test("a heartbeat that fails is tried twice, is a warning, and fails no run", async () => {
  const once = beats(1);
  assert.equal((await run(good, once.heartbeat)).run.status, "succeeded");
  assert.deepEqual(once.calls, ["failed", "arrived"]);
  const always = beats(99);
  const { run: ended, harness } = await run(good, always.heartbeat);
  assert.deepEqual([ended.status, ended.output, always.calls], ["succeeded", "done", ["failed", "failed"]]);
  assert.deepEqual(
    harness.events.filter(({ event }) => event === "heartbeat.failed").map(({ level }) => level),
    ["warn"],
  );
});

Deno.test("without a heartbeat the job is the same", () => {
  assert.equal(withHeartbeat(good, null), good);
});
