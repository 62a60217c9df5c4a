import { openDatabase } from "../../adapters/sqlite/open.ts";
import { SqliteRunStore } from "../../adapters/sqlite/runs.ts";
import { tempDir } from "../temp_dir.ts";
import { seededRandom } from "./seeded_random.ts";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";

const STEPS = 50;
const MAX_KILLS = 30;
const MIN_INTERRUPTIONS = 5;
/** On a busy machine many a kill comes too late to hit the middle of the run. */
const MAX_RUNS = 10;
const SCRIPT = new URL("./job_of_fifty_steps.ts", import.meta.url).pathname;

/** When to kill: so long after the process was made, or after it said that it begins. */
interface Kill {
  readonly after: "spawn" | "begin";
  readonly delayMs: number;
}

/** One in four hits the start-up of the process, three the first moments of its work. */
function randomKill(random: () => number): Kill {
  return random() < 0.25 ? { after: "spawn", delayMs: 250 * random() } : { after: "begin", delayMs: 60 * random() };
}

/** Runs the job's process, and kills it; answers the lines that it wrote until then. */
async function runAndKill(dataDir: string, kill: Kill | null): Promise<string[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", SCRIPT, dataDir],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const killLater = (now: Kill["after"]) => {
    if (kill?.after === now) timer = setTimeout(() => killProcess(child), kill.delayMs);
  };
  killLater("spawn");
  let output = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (output === "") killLater("begin");
    output += text;
  }
  await child.status;
  clearTimeout(timer);
  return output.split("\n").filter((line) => line !== "");
}

function killProcess(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It may have ended by itself in this very moment.
    if (!(error instanceof TypeError)) throw error;
  }
}

Deno.test("a run whose process is killed again and again has every effect exactly once, in order", async () => {
  const seed = Number(Deno.env.get("CHAOS_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  await Deno.stderr.write(new TextEncoder().encode(`CHAOS_SEED=${seed}\n`));
  const random = seededRandom(seed);
  let interruptions = 0;
  for (let runs = 0; runs === 0 || (interruptions < MIN_INTERRUPTIONS && runs < MAX_RUNS); runs++) {
    using dir = tempDir();
    let lines: string[] = [];
    // After enough kills the process may finish.
    for (let kills = 0; lines.length < 2; kills++) {
      lines = await runAndKill(dir.path, kills < MAX_KILLS ? randomKill(random) : null);
    }
    deepStrictEqual(lines, ["begins", "succeeded 1225"]);
    interruptions += checkEffects(dir.path);
  }
  ok(interruptions >= MIN_INTERRUPTIONS, `interrupted ${interruptions} times only`);
});

/** Returns how often a kill hit the middle of the run: so often another process took it over unfinished. */
function checkEffects(dataDir: string): number {
  using db = openDatabase(dataDir, { clock: { now: () => Temporal.Now.instant() } });
  strictEqual(db.prepare("PRAGMA integrity_check").get()?.integrity_check, "ok");
  const inOrder = Array.from({ length: STEPS }, (_, n) => n);
  const effects = db.prepare("SELECT step FROM effects ORDER BY id").all().map(({ step }) => step);
  deepStrictEqual(effects, inOrder.filter((n) => n % 3 !== 2));
  const store = new SqliteRunStore(db, () => null);
  const runs = store.list();
  deepStrictEqual(runs.map(({ status, output }) => [status, output]), [["succeeded", 1225]]);
  const run = runs[0];
  ok(run !== undefined);
  deepStrictEqual(store.steps(run.id).map(({ name, result }) => [name, result]), inOrder.map((n) => [`step ${n}`, n]));
  const attempts = store.attempts(run.id);
  strictEqual(attempts.filter(({ finishedAt }) => finishedAt !== null).length, STEPS);
  deepStrictEqual(attempts.filter(({ failure }) => failure !== null), []);
  return run.fence - 1;
}
