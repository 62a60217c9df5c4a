import { sleep } from "../adapters/system/timer.ts";
import type { BenchContext } from "./benchmark.ts";

const START_LIMIT_MS = 30_000;
const POLL_MS = 2;
const ROOT = new URL("..", import.meta.url).pathname;

/** How the program is called. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/** The compiled binary. */
export function compiled(binary: string): Program {
  return { command: binary, args: ["serve"] };
}

/** `deno run main.ts`. */
export function fromSource(): Program {
  return { command: Deno.execPath(), args: ["run", "-A", "--quiet", `${ROOT}main.ts`, "serve"] };
}

/** A server that answers. */
export interface RunningServer {
  readonly pid: number;
  readonly origin: string;
  /** From the start of the process to the first 200 on /healthz. */
  readonly startMs: number;
  /** CPU time until then; null where there is no /proc. */
  readonly startCpuMs: number | null;
  /** Ends it as a service manager does. */
  stop(): Promise<void>;
}

/** Starts `serve` in `dataDir` with nothing in its environment but `env` and what it needs to find its tools. */
export async function startServer(
  { command, args }: Program,
  { context, dataDir, env = {} }: { context: BenchContext; dataDir: string; env?: Record<string, string> },
): Promise<RunningServer> {
  const origin = `http://127.0.0.1:${freePort()}`;
  const startedAt = performance.now();
  const child = new Deno.Command(command, {
    args: [...args],
    cwd: context.dir,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: Deno.env.get("HOME") ?? context.dir,
      // A compiled program keeps V8's code cache there, under the name of its file.
      TMPDIR: context.dir,
      BIND: new URL(origin).host,
      DATA_DIR: dataDir,
      USER_DATA_DIR: `${dataDir}/profile`,
      BROWSER_PATH: context.browserPath,
      LOG_LEVEL: "error",
      ...env,
    },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await untilHealthy(`${origin}/healthz`);
  const startMs = performance.now() - startedAt;
  const startCpuMs = cpuMsOf(child.pid);
  return {
    pid: child.pid,
    origin,
    startMs,
    startCpuMs,
    async stop() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

/** User and system time so far, in the kernel's ticks of 10 ms. */
function cpuMsOf(pid: number): number | null {
  if (Deno.build.os !== "linux") return null;
  const afterName = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  return (Number(afterName[11]) + Number(afterName[12])) * 10;
}

async function untilHealthy(url: string): Promise<void> {
  const givenUpAt = performance.now() + START_LIMIT_MS;
  while (performance.now() < givenUpAt) {
    const isWell = await fetch(url).then(async (answer) => {
      await answer.body?.cancel();
      return answer.ok;
    }, () => false);
    if (isWell) return;
    await sleep(POLL_MS);
  }
  throw new Error(`The server must answer within ${START_LIMIT_MS / 1000} s: ${url} did not`);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
