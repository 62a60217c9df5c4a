import type { BenchContext, BenchResult } from "./benchmark.ts";
import { compiled, fromSource, type Program, startServer } from "./server_process.ts";
import { median } from "./statistics.ts";

const ROUNDS = 11;
const GOAL = 150;
/** Where nothing listens: a scrape that is due fails there, and disturbs nobody. */
const NOWHERE = "http://127.0.0.1:9/dashboard/usage";

/**
 * From process start to the first 200 on /healthz: of the compiled binary, and of `deno run main.ts`. At a `restart` the
 * data folder is there and nothing is due; at the `first` start the folder is new and a scrape is due at once.
 */
export async function benchStart(context: BenchContext): Promise<BenchResult> {
  const { binary } = context;
  const source = await measure(fromSource(), { context, name: "source" });
  const built = binary === null ? null : await measure(compiled(binary), { context, name: "binary" });
  return {
    name: "start",
    value: built?.restart ?? null,
    goal: GOAL,
    unit: "ms",
    note: built === null
      ? "deno compile found no base binary: set DENORT_BIN to one, or let Deno download it"
      : "process start of the compiled binary to the first 200 on /healthz",
    details: {
      ...(built === null ? {} : { binary_first_ms: built.first, binary_restart_ms: built.restart }),
      source_first_ms: source.first,
      source_restart_ms: source.restart,
      rounds: ROUNDS,
    },
  };
}

/** A round before the first fills V8's code cache. */
async function measure(
  program: Program,
  { context, name }: { context: BenchContext; name: string },
): Promise<{ first: number; restart: number }> {
  const start = async (dataDir: string, browserPath = context.browserPath) => {
    const env = { CURSOR_USAGE_URL: NOWHERE, BROWSER_PATH: browserPath };
    const server = await startServer(program, { context, dataDir, env });
    // The page too, so that its code is in the cache as after a day of use.
    await (await fetch(server.origin)).text();
    await server.stop();
    return server.startMs;
  };
  const folder = (round: number) => `${context.dir}/start-${name}-${round}`;
  // Without a browser the scrape that is due has failed by the time the page is there: nothing is due afterwards.
  await start(folder(0), `${context.dir}/no-browser`);
  const first: number[] = [];
  const restart: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    first.push(await start(folder(round)));
    restart.push(await start(folder(0)));
  }
  return { first: median(first), restart: median(restart) };
}
