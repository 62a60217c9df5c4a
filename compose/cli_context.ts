import { CHANNELS } from "../adapters/channels/channels.ts";
import { loadConfig } from "../adapters/config/config.ts";
import { replaceFile as writeWhole, writeAll } from "../adapters/files/files.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { buildCommit } from "../adapters/system/installation.ts";
import type { Config } from "../domain/config.ts";
import { messageOf, TrackerError } from "../domain/errors.ts";
import { VERSION } from "../domain/version.ts";
import type { CliContext, OpenOptions, Terminal } from "../ui/cli/context.ts";
import type { Services } from "../ui/services.ts";
import { serve } from "./serve.ts";
import { openServices } from "./services.ts";
import { processTerminal } from "./terminal.ts";
import { thisProgram } from "./this_program.ts";

/** The command line's view of this process. */
export function cliContext({ interrupted }: { interrupted: AbortSignal }): CliContext {
  const terminal = processTerminal();
  const write = (line: string) => terminal.writeError(`${line}\n`);
  let loaded: Config | null = null;
  const config = () => loaded ??= loadConfig({ env: Deno.env.toObject(), workingDir: Deno.cwd() });
  return {
    terminal,
    interrupted,
    channelNames: CHANNELS.map(({ name }) => name),
    config,
    async withServices<T>({ echo }: OpenOptions, use: (services: Services) => Promise<T>): Promise<T> {
      const services = openServices(config(), { echo: echo === null ? null : { level: echo, write } });
      const stop = () => void services.engine.stop();
      interrupted.addEventListener("abort", stop, { once: true });
      try {
        return await use(services);
      } finally {
        // What a one-off command set off is delivered before it ends; its exit code stays its own.
        if (!interrupted.aborted) await services.settled();
        interrupted.removeEventListener("abort", stop);
        await services.close();
      }
    },
    serve: () => serve(config(), { interrupted, echo: { level: config().logLevel, write } }),
    async onboard({ say, way }) {
      if (way.kind === "remote") {
        const { openRemoteLogin } = await import("./login.ts");
        return await openRemoteLogin(config(), { ...way, say, interrupted });
      }
      const { openLoginWindow } = await import("./login.ts");
      return await openLoginWindow(config(), { say, interrupted });
    },
    async demo(options) {
      // Loaded only here: the simulated site is no part of the daily work.
      const { demo } = await import("./demo.ts");
      await demo(config(), { ...options, interrupted, echo: { level: "warn", write } });
    },
    ...shippingContext(config),
    async doctor(options) {
      const { configAsItIs, doctor } = await import("./doctor.ts");
      return await doctor(configAsItIs(), { ...options, signal: interrupted });
    },
    async bundle(options) {
      const { bundle } = await import("./doctor.ts");
      return await bundle(options, { signal: interrupted });
    },
    async forget(what) {
      const { forget } = await import("./doctor.ts");
      return await forget(what, config());
    },
    replaceFile,
    confirm: (question) => confirm(question, { terminal, interrupted }),
    exitWith(code) {
      Deno.exitCode = code;
    },
  };
}

async function replaceFile(path: string, content: string): Promise<void> {
  try {
    await writeWhole(path, (file) => writeAll(file, new TextEncoder().encode(content)));
  } catch (error) {
    if (error instanceof TrackerError) throw error;
    throw new TrackerError(`Cannot write "${path}": ${messageOf(error)}`, {
      hint: "Check that the folder exists, that this user may write there, and that the disk is not full.",
      cause: error,
    });
  }
}

async function confirm(
  question: string,
  { terminal, interrupted }: { terminal: Terminal; interrupted: AbortSignal },
): Promise<boolean | null> {
  if (!Deno.stdin.isTerminal() || !terminal.isInteractive) return null;
  const [prompts, { stderr }] = await Promise.all([import("@clack/prompts"), import("node:process")]);
  const options = { message: question, initialValue: false, output: stderr, signal: interrupted };
  const answer = await prompts.confirm(options);
  return !prompts.isCancel(answer) && answer;
}

/** The part of the commands' context that is about the program itself and its data as files. */
function shippingContext(
  config: () => Config,
): Pick<CliContext, "backups" | "checkIntegrity" | "serviceUnits" | "commit"> {
  return {
    async backups() {
      const { dataBackups } = await import("../adapters/backup/backups.ts");
      const { dataDir, billing } = config();
      return dataBackups({ dataDir, configFile: billing.file, clock: systemClock, programVersion: VERSION });
    },
    async checkIntegrity() {
      const { checkDatabaseFile } = await import("../adapters/backup/check_database.ts");
      return { problems: checkDatabaseFile(config().dataDir) };
    },
    async serviceUnits() {
      const { serviceUnits } = await import("../adapters/system/service_units.ts");
      const { command, args } = thisProgram();
      const { dataDir, profileDir } = config();
      return serviceUnits({
        program: [command, ...args],
        person: { workingDir: Deno.cwd(), dataDir, profileDir },
        isRoot: Deno.build.os !== "windows" && Deno.uid() === 0,
        configHome: Deno.env.get("XDG_CONFIG_HOME") ?? `${Deno.env.get("HOME") ?? ""}/.config`,
      });
    },
    commit: buildCommit,
  };
}
