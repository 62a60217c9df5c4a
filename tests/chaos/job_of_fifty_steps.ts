import { openDatabase } from "../../adapters/sqlite/open.ts";
import { SqliteRunStore } from "../../adapters/sqlite/runs.ts";
import { openProcessLiveness } from "../../adapters/system/process_liveness.ts";
import { sleep } from "../../adapters/system/timer.ts";
import type { Log } from "../../domain/log.ts";
import { createEngine } from "../../jobs/engine/engine.ts";
import type { RunContext } from "../../jobs/job.ts";
import type { DatabaseSync } from "node:sqlite";

/**
 * A process for the chaos test: opens the data folder, takes up what a killed predecessor left, or starts the run, and
 * says in one line that it begins and in another how the run ended. Two steps of three leave a row, inside the step's
 * transaction; each third one has a result only.
 */

const STEPS = 50;

interface Effects {
  add(step: number): void;
}

function effects(db: DatabaseSync): Effects {
  db.exec("CREATE TABLE IF NOT EXISTS effects (id INTEGER PRIMARY KEY, step INTEGER NOT NULL) STRICT");
  const insert = db.prepare("INSERT INTO effects (step) VALUES (?)");
  return { add: (step) => insert.run(step) };
}

async function fiftySteps({ step, stepAndSave, commit }: RunContext<Effects>): Promise<number> {
  let sum = 0;
  for (let n = 0; n < STEPS; n++) {
    // Long enough that a kill can hit the middle of a body as well as a write.
    const body = async ({ signal }: { signal: AbortSignal }) => (await sleep(4 * (n % 7), signal), n);
    const save = (tx: Effects, value: number) => (tx.add(value), value);
    if (n % 3 === 0) sum += await commit(`step ${n}`, (tx) => save(tx, n));
    else if (n % 3 === 1) sum += await stepAndSave(`step ${n}`, body, save);
    else sum += await step(`step ${n}`, body);
  }
  return sum;
}

const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };
const clock = { now: () => Temporal.Now.instant() };
const dataDir = Deno.args[0] ?? "";
using liveness = openProcessLiveness(dataDir);
using db = openDatabase(dataDir, { clock });
const store = new SqliteRunStore(db, effects);
// So many kills can hit one step by chance; that is not the crash loop that the engine's limit is for.
const maxInterruptions = 1_000;
const jobs = [{ name: "fifty", run: fiftySteps }];
const engine = createEngine({ jobs, store, liveness, clock, sleep, log, maxInterruptions });
const say = (line: string) => Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
await say("begins");
await engine.resume();
const run = await engine.start("fifty", "2026-11-21T19:00Z", null);
await say(`${run.status} ${JSON.stringify(run.output)}`);
