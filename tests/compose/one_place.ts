import type { ChannelKind } from "../../adapters/channels/channel_kind.ts";
import { loadConfig } from "../../adapters/config/config.ts";
import { openServices } from "../../compose/services.ts";
import type { AlertRule } from "../../domain/alerts/rule.ts";
import { runCli } from "../../ui/cli/program.ts";
import { createWebApp } from "../../ui/web/app.ts";
import { tempDir } from "../temp_dir.ts";
import { idleContext } from "../ui/cli/idle_context.ts";
import { clientOf } from "../ui/pages_client.ts";

/** What is put into the program's lists, and nowhere else. */
interface Additions {
  readonly env?: Readonly<Record<string, string>>;
  readonly channels?: readonly ChannelKind[];
  readonly alertRules?: readonly AlertRule[];
}

/** The whole program over a new data folder, as it is put together for `serve` and for commands. */
export function wholeProgram({ env = {}, channels, alertRules }: Additions) {
  const dir = tempDir();
  const config = loadConfig({
    env: { DATA_DIR: `${dir.path}/data`, ALLOWED_HOSTS: "tracker.lan", ...env },
    workingDir: dir.path,
    ...(channels === undefined ? {} : { channels }),
  });
  const services = openServices(config, { echo: null, ...(alertRules === undefined ? {} : { alertRules }) });
  const client = clientOf({ app: createWebApp(services) });
  return {
    services,
    config,
    /** What a route answers, as text. */
    get: async (path: string) => await (await client.get(path)).text(),
    /** Looks for alerts, and sends what is due. */
    sweep: () => services.runs.run("alert-sweep", crypto.randomUUID(), null),
    /** What a command prints, and how it ends. */
    async command(...args: string[]) {
      let [stdout, stderr, code] = ["", "", 0];
      await runCli(args, {
        ...idleContext,
        terminal: {
          ...idleContext.terminal,
          write: (text) => void (stdout += text),
          writeError: (text) => void (stderr += text),
        },
        channelNames: config.channels.map(({ name }) => name),
        withServices: async (_options, use) => await use(services),
        exitWith: (given) => void (code = given),
      });
      return { stdout, stderr, code };
    },
    async [Symbol.asyncDispose]() {
      await services.close();
      dir[Symbol.dispose]();
    },
  };
}
