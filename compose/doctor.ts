import { type ReadConfig, readConfig } from "../adapters/config/config.ts";
import { makeBundle } from "../adapters/doctor/bundle.ts";
import { openDatabase } from "../adapters/sqlite/open.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { forgetAll, forgetCaptures, forgetProfile } from "../adapters/system/forget.ts";
import type { Config } from "../domain/config.ts";
import type { CheckResult, DoctorReport } from "../domain/operations/doctor.ts";
import { doctorJson } from "../ui/api/settings.ts";
import type { BundleEntry, ForgetWhat } from "../ui/cli/context.ts";
import { lazySite } from "./browser.ts";

/** What the doctor is asked to do. */
interface DoctorRequest {
  /** Opens the usage page for real, and stores nothing. */
  readonly online?: boolean;
  /** Mends what it can; told what it does. */
  readonly mend?: { readonly say: (text: string) => void } | null;
  readonly onResult?: (result: CheckResult) => void;
  readonly signal: AbortSignal;
  readonly isServing?: boolean;
}

/** Looks at everything that must work, whatever is broken. What it needs is loaded only now. */
export async function doctor(
  { config, faults, set }: ReadConfig,
  { online = false, isServing = false, ...options }: DoctorRequest,
): Promise<DoctorReport> {
  const { examineAll } = await import("../adapters/doctor/doctor.ts");
  const site = lazySite(config, { clock: systemClock, captureIn: isServing ? "child_process" : "this_process" });
  const patient = {
    config,
    faults,
    set,
    path: Deno.env.get("PATH") ?? "",
    clock: systemClock,
    look: online ? site.capture : null,
    isServing,
  };
  return await examineAll(patient, options);
}

/** The same from within a server, whose configuration has no faults: it would not run. */
export function doctorOfServer(config: Config, signal: AbortSignal): Promise<DoctorReport> {
  return doctor({ ...configAsItIs(), config, faults: [] }, { signal, isServing: true });
}

/** The configuration of this process, faults and all. */
export function configAsItIs(): ReadConfig {
  return readConfig({ env: Deno.env.toObject(), workingDir: Deno.cwd() });
}

/** Writes what a bug report needs; answers where, and what is in it. */
export async function bundle(
  { path, report }: { path: string; report: DoctorReport },
  { signal }: { signal: AbortSignal },
): Promise<{ path: string; entries: BundleEntry[] }> {
  const { config, faults } = configAsItIs();
  const entries = await makeBundle({
    path,
    config,
    faults,
    report: doctorJson(report),
    version: report.version,
    home: Deno.env.get("HOME") ?? null,
    at: systemClock.now(),
    signal,
  });
  return { path, entries };
}

/** Removes what is kept; answers what was removed. @throws TrackerError (exit code 15) while another tracker works. */
export function forget(what: ForgetWhat, config: Config): string[] {
  const { dataDir, profileDir, billing: { outputFilename } } = config;
  const places = { dataDir, profileDir, home: Deno.env.get("HOME") ?? null, furtherEntries: [outputFilename] };
  if (what === "profile") return forgetProfile(places);
  if (what === "captures") return forgetCaptures(places, { open: () => openDatabase(dataDir, { clock: systemClock }) });
  return forgetAll(places);
}
