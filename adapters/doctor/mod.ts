import type { DoctorReport } from "../../domain/doctor.ts";
import { VERSION } from "../../domain/version.ts";
import type { Check, Patient } from "./check.ts";
import { configuration } from "./checks/configuration.ts";
import { examine, type ExamineOptions } from "./examine.ts";

/** Every check, in the order in which people read them; a new one is one file and one line here. */
export const CHECKS = [
  configuration,
] as const satisfies readonly Check[];

/** How the doctor works. */
export interface DoctorOptions extends ExamineOptions {
  /** Mends what it can first; `say` is told what it does. */
  readonly mend?: { readonly say: (text: string) => void } | null;
}

/** Looks at everything that must work. Never throws for what is wrong: that is the report. */
export async function examineAll(patient: Patient, { mend = null, ...options }: DoctorOptions): Promise<DoctorReport> {
  const mended: string[] = [];
  if (mend !== null) await mendAll(patient, (text) => (mended.push(text), mend.say(text)));
  const checks = await examine(patient, { ...options, checks: CHECKS });
  return { at: patient.clock.now(), version: VERSION, checks, mended };
}

async function mendAll(patient: Patient, say: (text: string) => void): Promise<void> {
  const checks: readonly Check[] = CHECKS;
  for (const check of checks) await check.mend?.(patient, { say });
}
