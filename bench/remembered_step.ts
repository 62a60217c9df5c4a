import { openDatabase } from "../adapters/sqlite/open.ts";
import { SqliteRunStore } from "../adapters/sqlite/runs.ts";
import { transaction } from "../adapters/sqlite/transaction.ts";
import { sleep } from "../adapters/system/timer.ts";
import type { Log } from "../domain/log.ts";
import { createEngine } from "../jobs/engine/engine.ts";
import type { BenchResult } from "./benchmark.ts";
import { median } from "./statistics.ts";
import type { DatabaseSync } from "node:sqlite";

const STEPS_PER_ROUND = 100;
const ROUNDS = 12;
const GOAL = 2;

/**
 * What a remembered step costs: a step through the engine until its result is stored, against a bare transaction that
 * inserts the same row into a table like `steps`, on the same connection with the same pragmas. The two take turns in
 * rounds, and the medians of the rounds are compared, so that a busy machine slows both.
 */
export async function benchRememberedStep(): Promise<BenchResult> {
  const dataDir = Deno.makeTempDirSync({ prefix: "tracker-bench-" });
  try {
    using db = openDatabase(dataDir, { clock });
    const engineUs: number[] = [];
    const bareUs: number[] = [];
    // The first round of each warms up and does not count.
    for (let round = 0; round <= ROUNDS; round++) {
      const engine = await engineRound(db, round);
      const bare = bareRound(db, round);
      if (round === 0) continue;
      engineUs.push(engine);
      bareUs.push(bare);
    }
    const [engine_us, bare_us] = [median(engineUs), median(bareUs)];
    const details = { engine_us, bare_us, steps: STEPS_PER_ROUND * ROUNDS };
    return {
      name: "remembered step",
      value: engine_us / bare_us,
      goal: GOAL,
      unit: "× a bare transaction",
      note:
        "a step through the engine until its result is stored, against a bare transaction that inserts the same row",
      details,
    };
  } finally {
    Deno.removeSync(dataDir, { recursive: true });
  }
}

const RESULT = { rows: 42, hash: "0f1e2d3c4b5a69788796a5b4c3d2e1f0" };
const clock = { now: () => Temporal.Now.instant() };
const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

/** Microseconds per step of one run. */
async function engineRound(db: DatabaseSync, round: number): Promise<number> {
  let elapsedMs = 0;
  const engine = createEngine({
    jobs: [{
      name: "bench",
      async run({ step }) {
        const startedAt = performance.now();
        for (let n = 0; n < STEPS_PER_ROUND; n++) await step(`step ${n}`, () => Promise.resolve(RESULT));
        elapsedMs = performance.now() - startedAt;
        return null;
      },
    }],
    store: new SqliteRunStore(db, () => null),
    liveness: { self: "bench", isAlive: () => true },
    clock,
    sleep,
    log,
  });
  const { status, failure } = await engine.start("bench", `round ${round}`, null);
  if (status !== "succeeded") throw new Error(`Cannot measure as the run is ${status}: ${failure?.message}`);
  return elapsedMs * 1_000 / STEPS_PER_ROUND;
}

/** Microseconds per bare transaction. */
function bareRound(db: DatabaseSync, round: number): number {
  db.exec(`
    CREATE TABLE IF NOT EXISTS bare_steps (
      id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      result TEXT NOT NULL,
      finished_at TEXT NOT NULL,
      UNIQUE (run_id, name)
    ) STRICT`);
  const insert = db.prepare("INSERT INTO bare_steps (run_id, name, result, finished_at) VALUES (?, ?, ?, ?)");
  const startedAt = performance.now();
  for (let n = 0; n < STEPS_PER_ROUND; n++) {
    const finishedAt = clock.now().toString({ smallestUnit: "millisecond" });
    transaction(db, () => insert.run(round + 1, `step ${n}`, JSON.stringify(RESULT), finishedAt));
  }
  return (performance.now() - startedAt) * 1_000 / STEPS_PER_ROUND;
}
