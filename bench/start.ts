import type { BenchContext, BenchResult } from "./benchmark.ts";
import { compiled, fromSource, type Program, type RunningServer, startServer } from "./server_process.ts";
import { median } from "./statistics.ts";

const ROUNDS = 11;
const GOAL = 150;
/** Where nothing listens: a scrape that is due fails there, and disturbs nobody. */
const NOWHERE = "http://127.0.0.1:9/dashboard/usage";

/**
 * From process start to the first 200 on /healthz: of the compiled binary, and of `deno run main.ts`; with a new data
 * folder, and with one that is there. A scrape is due each time. The CPU time until then does not depend on other load.
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
      ...(built === null ? {} : detailsOf("binary", built)),
      ...detailsOf("source", source),
      rounds: ROUNDS,
    },
  };
}

/** Medians, in milliseconds. */
interface Starts {
  /** With a new data folder. */
  readonly first: number;
  /** With the data folder of an earlier start. */
  readonly restart: number;
  /** CPU time of a restart; null where the system does not tell. */
  readonly cpu: number | null;
}

function detailsOf(name: string, { first, restart, cpu }: Starts): Record<string, number> {
  return {
    [`${name}_first_ms`]: first,
    [`${name}_restart_ms`]: restart,
    ...(cpu === null ? {} : { [`${name}_restart_cpu_ms`]: cpu }),
  };
}

/** A round before the first fills V8's code cache. */
async function measure(
  program: Program,
  { context, name }: { context: BenchContext; name: string },
): Promise<Starts> {
  const start = async (dataDir: string) => {
    const server = await startServer(program, { context, dataDir, env: { CURSOR_USAGE_URL: NOWHERE } });
    // The page too, so that its code is in the cache as after a day of use.
    await (await fetch(server.origin)).text();
    await server.stop();
    return server;
  };
  const folder = (round: number) => `${context.dir}/start-${name}-${round}`;
  await start(folder(0));
  const firsts: RunningServer[] = [];
  const restarts: RunningServer[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    firsts.push(await start(folder(round)));
    restarts.push(await start(folder(0)));
  }
  const cpu = restarts.map(({ startCpuMs }) => startCpuMs).filter((ms) => ms !== null);
  return {
    first: median(firsts.map(({ startMs }) => startMs)),
    restart: median(restarts.map(({ startMs }) => startMs)),
    cpu: cpu.length === 0 ? null : median(cpu),
  };
}
