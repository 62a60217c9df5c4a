import { TrackerError } from "../../../domain/errors.ts";
import type { ServiceOptions, ServiceUnits, UnitChange } from "../../../domain/operations/service_units.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, writeJson } from "../output.ts";
import type { Command } from "commander";

interface UnitOptions extends CommonOptions {
  readonly user?: boolean;
  readonly system?: boolean;
  readonly timer?: boolean;
  readonly force?: boolean;
}

/** `tracker service print|install|uninstall`: units for systemd. */
export function serviceCommand(program: Command, context: CliContext): void {
  const service = program.command("service").description(
    "run tracker by systemd: print, install or uninstall its units",
  );
  add(service, "print", "print the units").action((options: UnitOptions) => print(context, options));
  add(service, "install", "write the units, and say what starts them")
    .option("--force", "overwrite a unit that was edited by hand")
    .action((options: UnitOptions) => change(context, { options, name: "install" }));
  add(service, "uninstall", "remove the units; data, settings and secrets stay")
    .option("--force", "remove a unit that was edited by hand")
    .action((options: UnitOptions) => change(context, { options, name: "uninstall" }));
}

function add(service: Command, name: string, description: string): Command {
  return service.command(name).description(description)
    .option("--system", "for the machine: starts at boot, runs as user tracker (default for root)")
    .option("--user", "for you: starts at login, uses your DATA_DIR and profile (default otherwise)")
    .option("--timer", "an hourly one-shot scrape in place of the server")
    .option("--json", "print what was done as JSON");
}

async function print(context: CliContext, options: UnitOptions): Promise<void> {
  const all = await context.serviceUnits();
  const units = all.units(choice(all, options));
  if (options.json) writeJson(context.terminal, { units: units.map(({ path, text }) => ({ path, text })) });
  else context.terminal.write(units.map(({ path, text }) => `# ${path}\n${text}`).join("\n"));
}

async function change(
  { terminal, serviceUnits }: CliContext,
  { options, name }: { options: UnitOptions; name: "install" | "uninstall" },
): Promise<void> {
  const all = await serviceUnits();
  const { paths, nextCommands }: UnitChange = all[name]({ ...choice(all, options), force: options.force ?? false });
  if (options.json) {
    writeJson(terminal, { done: name, paths: [...paths], next_commands: [...nextCommands] });
    return;
  }
  for (const path of paths) terminal.write(`${name === "install" ? "Wrote" : "Removed"} ${path}\n`);
  if (paths.length === 0) terminal.write("There is no such unit.\n");
  if (nextCommands.length > 0) terminal.write(`Next:\n${nextCommands.map((command) => `  ${command}\n`).join("")}`);
}

function choice({ defaultScope }: ServiceUnits, { user = false, system = false, timer }: UnitOptions): ServiceOptions {
  if (user && system) {
    throw new TrackerError("--user and --system cannot both be meant", { hint: "Leave one of them out.", exitCode: 2 });
  }
  return { scope: user ? "user" : system ? "system" : defaultScope, isTimer: timer ?? false };
}
