import { loadConfig } from "../adapters/config/mod.ts";
import type { Config } from "../domain/config.ts";
import type { CliContext, ServiceOptions } from "../ui/cli/context.ts";
import type { Services } from "../ui/services.ts";
import { processTerminal } from "./process_terminal.ts";
import { serve } from "./serve.ts";
import { openServices } from "./services.ts";

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
        interrupted.removeEventListener("abort", stop);
        await services.close();
      }
    },
    serve: () => serve(config(), { interrupted, echo: { level: config().logLevel, write } }),
    async onboard({ say }) {
      const { openLoginWindow } = await import("./onboard.ts");
      return await openLoginWindow(config(), { say, interrupted });
    },
    async demo(options) {
      // Loaded only here: the simulated site is no part of the daily work.
      const { demo } = await import("./demo.ts");
      await demo(config(), { ...options, interrupted, echo: { level: "warn", write } });
    },
    exitWith(code) {
      Deno.exitCode = code;
    },
  };
}
