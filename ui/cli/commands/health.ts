import { messageOf } from "../../../domain/errors.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, writeJson } from "../output.ts";
import type { Command } from "commander";
import { z } from "zod";

const LIMIT_MS = 5_000;
const healthJson = z.looseObject({ status: z.string() });

/** `tracker health`: asks the running server for /healthz, for container health checks. */
export function healthCommand(program: Command, context: CliContext): void {
  program.command("health")
    .description("ask the running server whether it is well (exit code 0 or 1)")
    .option("--json", "print the answer as JSON")
    .action(async ({ json = false }: CommonOptions) => {
      const { terminal } = context;
      const { hostname, port } = context.config().bind;
      const url = `http://${reachable(hostname)}:${port}/healthz`;
      const { isWell, answer } = await ask(url);
      if (json) writeJson(terminal, { status: isWell ? "ok" : "failed", url, answer });
      else terminal.write(isWell ? `ok: ${url}\n` : "");
      if (!isWell) {
        terminal.writeError(`Error: ${answer}\nTry:   Start the server with 'tracker serve', or check BIND.\n`);
      }
      context.exitWith(isWell ? 0 : 1);
    });
}

async function ask(url: string): Promise<{ isWell: boolean; answer: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
    const { status } = healthJson.parse(await response.json());
    return { isWell: response.ok, answer: `${url} answered ${response.status} ${status}` };
  } catch (error) {
    return { isWell: false, answer: `${url} did not answer as tracker does: ${messageOf(error)}` };
  }
}

/** "Every address" is no address to ask. */
function reachable(hostname: string): string {
  if (hostname === "0.0.0.0") return "127.0.0.1";
  if (hostname === "::") return "[::1]";
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}
