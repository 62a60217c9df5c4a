import { makeBundle } from "../adapters/doctor/bundle.ts";
import { systemClock } from "../adapters/clock.ts";
import type { DoctorReport } from "../domain/doctor.ts";
import type { BundleEntry } from "../ui/cli/context.ts";
import { doctorJson } from "../ui/doctor_json.ts";
import { configAsItIs } from "./doctor.ts";

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
