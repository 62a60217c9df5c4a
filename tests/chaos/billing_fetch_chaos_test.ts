import { openDatabase } from "../../adapters/sqlite/open.ts";
import { SqliteRunStore } from "../../adapters/sqlite/runs.ts";
import { sqliteStores } from "../../adapters/sqlite/stores.ts";
import { fileMonth } from "../../domain/billing/month.ts";
import type { RollupRow } from "../../domain/billing/rollup.ts";
import { adminApi } from "../../fixtures/cursor_sim/admin_api.ts";
import { tempDir } from "../temp_dir.ts";
import { ADMIN_KEY, FETCHED_AT, MONTHS, pageStep, quarterEvents } from "./billing_month_pages.ts";
import { seededRandom } from "./seeded_random.ts";
import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";

/** CHAOS_KILLS makes it more. Only kills that hit a run before its end count. */
const KILLS = Number(Deno.env.get("CHAOS_KILLS") ?? 25);
const EVENTS = 600;
/** Each answer takes so long, so that kills hit requests as well as writes. */
const ANSWER_MS = 4;
const SCRIPT = new URL("./billing_fetch_process.ts", import.meta.url).pathname;
const clock = { now: () => FETCHED_AT };

/** When to kill: so long after the process says that it begins, or after it has asked for so many pages. */
interface Kill {
  readonly pages: number;
  readonly delayMs: number;
}

/** One in four hits the beginning, three the pages or what is made of them. */
function randomKill(random: () => number): Kill {
  return { pages: random() < 0.25 ? 0 : 1 + Math.floor(12 * random()), delayMs: 40 * random() };
}

/** The simulated Admin API, and which pages were asked for although they had been kept. */
class Api {
  readonly repeated: string[] = [];
  readonly asked = new Set<string>();
  finished: ReadonlySet<string> = new Set();
  /** Told of each page that is asked for. */
  onPage: () => void = () => {};
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(seed: number) {
    const events = quarterEvents({ seed, count: EVENTS });
    const api = adminApi({ apiKey: ADMIN_KEY, events, clock, onPage: (query) => this.#note(pageStep(query)) });
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
      return api.fetch(request);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  #note(step: string | null): void {
    notStrictEqual(step, null, "a page of no known window was asked for");
    if (step === null) return;
    if (this.finished.has(step)) this.repeated.push(step);
    this.asked.add(step);
    this.onPage();
  }
}

/** Runs the fetch in a process of its own, and kills it where that is asked for; answers the lines that it wrote. */
async function live(api: Api, { dataDir, kill }: { dataDir: string; kill: Kill | null }): Promise<string[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", SCRIPT, api.url, dataDir],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pages = 0;
  const killAfter = (now: number) => {
    if (kill?.pages === now) timer = setTimeout(() => killProcess(child), kill.delayMs);
  };
  api.onPage = () => killAfter(++pages);
  let output = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (output === "") killAfter(0);
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

/** What a data folder holds: the run's state, the pages whose steps have finished, and the rollups. */
function look(dataDir: string): { status: string | null; pages: Set<string>; rows: RollupRow[]; integrity: unknown } {
  using db = openDatabase(dataDir, { clock });
  const store = new SqliteRunStore(db, sqliteStores);
  const run = store.list()[0];
  const steps = run === undefined ? [] : store.steps(run.id).map(({ name }) => name);
  return {
    status: run?.status ?? null,
    pages: new Set(steps.filter((name) => name.startsWith("page "))),
    rows: sqliteStores(db).rollups.rows(),
    integrity: db.prepare("PRAGMA integrity_check").get()?.["integrity_check"],
  };
}

function monthFiles(dataDir: string): Promise<string[]> {
  const folder = `${dataDir}/monthly_usage_data`;
  return Promise.all(MONTHS.map((month) => Deno.readTextFile(`${folder}/${fileMonth(month)}-usage-based-data.json`)));
}

/** One fetch through as many processes as it takes; answers how many kills hit it, and how many of these after a page. */
async function fetchUnderKills(api: Api, { dataDir, mayKill, random }: {
  dataDir: string;
  mayKill: (kills: number) => boolean;
  random: () => number;
}): Promise<{ kills: number; amongPages: number }> {
  let amongPages = 0;
  for (let kills = 0;;) {
    const lines = await live(api, { dataDir, kill: mayKill(kills) ? randomKill(random) : null });
    const { status, pages } = look(dataDir);
    if (lines.length === 2) {
      deepStrictEqual(lines, ["begins", "succeeded"]);
      deepStrictEqual([...pages].sort(), [...api.asked].sort());
      return { kills, amongPages };
    }
    if (status === "running") kills++;
    if (pages.size > api.finished.size) amongPages++;
    api.finished = pages;
  }
}

Deno.test("a fetch whose process is killed again and again makes the same files, and asks for no kept page", async () => {
  const seed = Number(Deno.env.get("CHAOS_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  await Deno.stderr.write(new TextEncoder().encode(`CHAOS_SEED=${seed}\n`));
  const random = seededRandom(seed);
  using unbroken = tempDir();
  await using wholeApi = new Api(seed);
  const whole = await fetchUnderKills(wholeApi, { dataDir: unbroken.path, mayKill: () => false, random });
  deepStrictEqual(whole, { kills: 0, amongPages: 0 });
  const files = await monthFiles(unbroken.path);
  const { rows } = look(unbroken.path);
  ok(files.every((text, index) => text.includes(`"month":"${MONTHS.map(fileMonth)[index]}"`)));
  ok(rows.length > 10);

  let kills = 0;
  let amongPages = 0;
  while (kills < KILLS) {
    using dir = tempDir();
    await using api = new Api(seed);
    const before = kills;
    const hit = await fetchUnderKills(api, { dataDir: dir.path, mayKill: (now) => before + now < KILLS, random });
    kills += hit.kills;
    amongPages += hit.amongPages;
    deepStrictEqual(api.repeated, []);
    deepStrictEqual(await monthFiles(dir.path), files);
    const found = look(dir.path);
    deepStrictEqual(found.rows, rows);
    strictEqual(found.integrity, "ok");
    deepStrictEqual(await Array.fromAsync(Deno.readDir(`${dir.path}/monthly_usage_data/.partial`)), []);
  }
  ok(amongPages >= KILLS / 5, `only ${amongPages} of ${kills} kills came after pages had been kept`);
});
