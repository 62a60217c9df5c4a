import { forgetAll, forgetCaptures, forgetProfile } from "../adapters/forget.ts";
import { openDatabase } from "../adapters/sqlite/open.ts";
import { systemClock } from "../adapters/clock.ts";
import type { Config } from "../domain/config.ts";
import type { ForgetWhat } from "../ui/cli/context.ts";

/** Removes what is kept; answers what was removed. @throws TrackerError (exit code 15) while another tracker works. */
export function forget(what: ForgetWhat, config: Config): string[] {
  const { dataDir, profileDir, billing: { outputFilename } } = config;
  const places = { dataDir, profileDir, home: Deno.env.get("HOME") ?? null, furtherEntries: [outputFilename] };
  if (what === "profile") return forgetProfile(places);
  if (what === "captures") return forgetCaptures(places, { open: () => openDatabase(dataDir, { clock: systemClock }) });
  return forgetAll(places);
}
