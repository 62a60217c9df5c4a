import { pruneNightlyBackups } from "../adapters/backup/backups.ts";
import { privateDir } from "../adapters/files/files.ts";
import type { Config } from "../domain/config.ts";
import { TrackerError } from "../domain/errors.ts";
import type { Maintenance } from "../domain/operations/backup.ts";
import { thisProgram } from "./this_program.ts";
import { z } from "zod";

const writtenJson = z.object({ file: z.string(), bytes: z.number() });
const integrityJson = z.object({ problems: z.array(z.string()) });
const failureJson = z.object({ error: z.string(), hint: z.string().nullable() });
const MAX_ERROR_CHARACTERS = 1_000;

/** Copying and checking the whole database take seconds of pure work: this program's own commands do them. */
export function maintenance({ dataDir, billing }: Config): Maintenance {
  const folder = `${dataDir}/backups`;
  const env = { DATA_DIR: dataDir, ...(billing.file === null ? {} : { CONFIG: billing.file }) };
  return {
    async backUp(name, signal) {
      privateDir(folder);
      return await answerOf(writtenJson, { args: ["backup", `${folder}/${name}`, "--force"], env, signal });
    },
    pruneBackups: (keep) => Promise.resolve(pruneNightlyBackups(folder, keep)),
    checkIntegrity: (signal) => answerOf(integrityJson, { args: ["integrity"], env, signal }),
  };
}

/** What the command prints with --json. @throws TrackerError with the command's own words if it fails. */
async function answerOf<T>(
  answerJson: z.ZodType<T>,
  { args, env, signal }: { args: readonly string[]; env: Record<string, string>; signal: AbortSignal },
): Promise<T> {
  const { stdout, stderr } = await outputOf([...args, "--json"], { env, signal });
  const answer = answerJson.safeParse(parsed(stdout));
  if (answer.success) return answer.data;
  const lastLine = stderr.trimEnd().split("\n").at(-1) ?? "";
  const failure = failureJson.safeParse(parsed(lastLine));
  if (failure.success) throw new TrackerError(failure.data.error, { hint: failure.data.hint });
  // It was killed, or crashed: what it wrote last tells most.
  throw new TrackerError(`'tracker ${args[0]}' ended without an answer: ${stderr.slice(-MAX_ERROR_CHARACTERS)}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function outputOf(
  args: readonly string[],
  { env, signal }: { env: Record<string, string>; signal: AbortSignal },
): Promise<{ stdout: string; stderr: string }> {
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
    const { stdout, stderr } = await child.output();
    signal.throwIfAborted();
    return { stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
