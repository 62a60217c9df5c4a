import { systemClock } from "../adapters/clock.ts";
import { type ReadConfig, readConfig } from "../adapters/config/mod.ts";
import type { Config } from "../domain/config.ts";
import type { CheckResult, DoctorReport } from "../domain/doctor.ts";
import { lazySite } from "./browser.ts";

/** What the doctor is asked to do. */
export interface DoctorRequest {
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
  const { examineAll } = await import("../adapters/doctor/mod.ts");
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
