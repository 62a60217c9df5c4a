import { pruneNightlyBackups } from "../adapters/backup/backups.ts";
import { privateDir } from "../adapters/files/files.ts";
import type { Config } from "../domain/config.ts";
import { TrackerError } from "../domain/errors.ts";
import type { Maintenance } from "../domain/operations/backup.ts";
import { thisProgram } from "./this_program.ts";
import { z } from "zod";

const writtenJson = z.object({ file: z.string(), bytes: z.number() });
const integrityJson = z.object({ problems: z.array(z.string()) });
const MAX_ERROR_CHARACTERS = 1_000;

/** Copying and checking the whole database take seconds of pure work: this program's own commands do them. */
export function maintenance({ dataDir, billing }: Config): Maintenance {
  const folder = `${dataDir}/backups`;
  const env = { DATA_DIR: dataDir, ...(billing.file === null ? {} : { CONFIG: billing.file }) };
  return {
    async backUp(name, signal) {
      privateDir(folder);
      const { stdout } = await command(["backup", `${folder}/${name}`, "--force", "--json"], { env, signal });
      return writtenJson.parse(JSON.parse(stdout));
    },
    pruneBackups: (keep) => Promise.resolve(pruneNightlyBackups(folder, keep)),
    async checkIntegrity(signal) {
      const { stdout } = await command(["integrity", "--json"], { env, signal, mayFail: true });
      return integrityJson.parse(JSON.parse(stdout));
    },
  };
}

/** @throws TrackerError with the command's own words where it fails; with `mayFail` only where it prints nothing. */
async function command(
  args: readonly string[],
  { env, signal, mayFail = false }: { env: Record<string, string>; signal: AbortSignal; mayFail?: boolean },
): Promise<{ stdout: string }> {
  signal.throwIfAborted();
  const program = thisProgram();
  const child = new Deno.Command(program.command, {
    args: [...program.args, ...args],
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  try {
    const { success, stdout, stderr } = await child.output();
    signal.throwIfAborted();
    const text = new TextDecoder().decode(stdout);
    if (success || (mayFail && text !== "")) return { stdout: text };
    throw asError(new TextDecoder().decode(stderr));
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** "Error: …" and "Try: …" of the command, as an error. */
function asError(stderr: string): TrackerError {
  const message = /^Error: ([\s\S]*?)(?=^Try: |$(?![\s\S]))/m.exec(stderr)?.[1]?.trim();
  const hint = /^Try: *(.*)$/m.exec(stderr)?.[1] ?? null;
  return new TrackerError(message ?? stderr.slice(-MAX_ERROR_CHARACTERS), { hint });
}
