import { loadConfig } from "../adapters/config/mod.ts";
import type { Config } from "../domain/config.ts";
import type { CliContext, ServiceOptions, Terminal } from "../ui/cli/context.ts";
import type { Services } from "../ui/services.ts";
import { processTerminal } from "./process_terminal.ts";
import { serve } from "./serve.ts";
import { openServices } from "./services.ts";
import { shippingContext } from "./shipping_context.ts";

/** The command line's view of this process. */
export function cliContext({ interrupted }: { interrupted: AbortSignal }): CliContext {
  const terminal = processTerminal();
  const write = (line: string) => terminal.writeError(`${line}\n`);
  let loaded: Config | null = null;
  const config = () => loaded ??= loadConfig({ env: Deno.env.toObject(), workingDir: Deno.cwd() });
  return {
    terminal,
    interrupted,
    config,
    async withServices<T>({ echo }: ServiceOptions, use: (services: Services) => Promise<T>): Promise<T> {
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
        const { openRemoteLogin } = await import("./remote_login.ts");
        return await openRemoteLogin(config(), { ...way, say, interrupted });
      }
      const { openLoginWindow } = await import("./onboard.ts");
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
      const { bundle } = await import("./bundle.ts");
      return await bundle(options, { signal: interrupted });
    },
    async forget(what) {
      const { forget } = await import("./forget.ts");
      return await forget(what, config());
    },
    confirm: (question) => confirm(question, { terminal, interrupted }),
    exitWith(code) {
      Deno.exitCode = code;
    },
  };
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
