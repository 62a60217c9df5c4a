import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { databasePath, openDatabase } from "../../adapters/sqlite/open.ts";
import { SqliteRunStore } from "../../adapters/sqlite/run_store.ts";
import { tempDir } from "../temp_dir.ts";
import { seededRandom } from "./seeded_random.ts";

const STEPS = 50;
const MAX_KILLS = 80;
const MIN_INTERRUPTIONS = 5;
const SCRIPT = new URL("./job_of_fifty_steps.ts", import.meta.url).pathname;

/** How far the run was when a process was killed: null where there was none yet. */
function finishedSteps(dataDir: string): number | null {
  try {
    using db = new DatabaseSync(databasePath(dataDir), { readOnly: true });
    return Number(db.prepare("SELECT COUNT(*) AS n FROM steps").get()?.n);
  } catch {
    return null;
  }
}

/** Runs the job's process and kills it after a while; answers what it wrote where it ended by itself before that. */
async function runAndKill(dataDir: string, delayMs: number): Promise<{ output: string; killed: boolean }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", SCRIPT, dataDir],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const timer = setTimeout(() => {
    try {
      child.kill("SIGKILL");
    } catch (error) {
      // It may end by itself in the very moment.
      if (!(error instanceof TypeError)) throw error;
    }
  }, delayMs);
  const { stdout, signal } = await child.output();
  clearTimeout(timer);
  return { output: new TextDecoder().decode(stdout), killed: signal === "SIGKILL" };
}

/** From start-up to the end without a kill takes this long here and now; the kills are spread over the first part. */
async function measureMs(): Promise<number> {
  using dir = tempDir();
  const startedAt = performance.now();
  const { output } = await runAndKill(dir.path, 60_000);
  strictEqual(output, "succeeded 1225\n");
  return performance.now() - startedAt;
}

Deno.test("a run whose process is killed again and again has every effect exactly once, in order", async () => {
  const seed = Number(Deno.env.get("CHAOS_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  await Deno.stderr.write(new TextEncoder().encode(`CHAOS_SEED=${seed}\n`));
  const random = seededRandom(seed);
  using dir = tempDir();
  const wholeMs = await measureMs();
  const interruptedAt: (number | null)[] = [];
  let output = "";
  while (output === "") {
    // After enough kills the process may finish.
    const delayMs = interruptedAt.length < MAX_KILLS ? (0.2 + 0.6 * random()) * wholeMs : 60_000;
    const ended = await runAndKill(dir.path, delayMs);
    output = ended.output;
    if (ended.killed) interruptedAt.push(finishedSteps(dir.path));
  }
  strictEqual(output, "succeeded 1225\n");
  const within = new Set(interruptedAt.filter((steps) => steps !== null && steps > 0 && steps < STEPS));
  ok(within.size >= MIN_INTERRUPTIONS, `killed within the run at ${[...within]} steps only`);
  checkEffects(dir.path, { interruptions: within.size });
});

function checkEffects(dataDir: string, { interruptions }: { interruptions: number }): void {
  using db = openDatabase(dataDir, { clock: { now: () => Temporal.Now.instant() } });
  strictEqual(db.prepare("PRAGMA integrity_check").get()?.integrity_check, "ok");
  const inOrder = Array.from({ length: STEPS }, (_, n) => n);
  const effects = db.prepare("SELECT step FROM effects ORDER BY id").all().map(({ step }) => step);
  deepStrictEqual(effects, inOrder.filter((n) => n % 3 !== 2));
  const store = new SqliteRunStore(db, () => null);
  const runs = store.list();
  deepStrictEqual(runs.map(({ status, output }) => [status, output]), [["succeeded", 1225]]);
  const run = runs[0];
  ok(run !== undefined && run.fence > interruptions, `taken over ${run?.fence} times only`);
  deepStrictEqual(store.steps(run.id).map(({ name, result }) => [name, result]), inOrder.map((n) => [`step ${n}`, n]));
  const attempts = store.attempts(run.id);
  strictEqual(attempts.filter(({ finishedAt }) => finishedAt !== null).length, STEPS);
  deepStrictEqual(attempts.filter(({ failure }) => failure !== null), []);
}
