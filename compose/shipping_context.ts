import { buildCommit } from "../adapters/build.ts";
import { systemClock } from "../adapters/clock.ts";
import type { Config } from "../domain/config.ts";
import { VERSION } from "../domain/version.ts";
import type { CliContext } from "../ui/cli/context.ts";
import { thisProgram } from "./this_program.ts";

/** The part of the commands' context that is about the program itself and its data as files. */
export function shippingContext(
  config: () => Config,
): Pick<CliContext, "backups" | "checkIntegrity" | "serviceUnits" | "commit"> {
  return {
    async backups() {
      const { dataBackups } = await import("../adapters/backup/mod.ts");
      const { dataDir, billing } = config();
      return dataBackups({ dataDir, configFile: billing.file, clock: systemClock, programVersion: VERSION });
    },
    async checkIntegrity() {
      const { checkDatabaseFile } = await import("../adapters/backup/check_database.ts");
      return { problems: checkDatabaseFile(config().dataDir) };
    },
    async serviceUnits() {
      const { serviceUnits } = await import("../adapters/systemd/service_units.ts");
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
