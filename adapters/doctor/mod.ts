import type { DoctorReport } from "../../domain/doctor.ts";
import { messageOf } from "../../domain/errors.ts";
import { VERSION } from "../../domain/version.ts";
import type { Check, Patient } from "./check.ts";
import { adminApi } from "./checks/admin_api.ts";
import { browser } from "./checks/browser.ts";
import { smtp, webhook } from "./checks/channels.ts";
import { clock } from "./checks/clock.ts";
import { configuration } from "./checks/configuration.ts";
import { dataDir } from "./checks/data_dir.ts";
import { database } from "./checks/database.ts";
import { drift } from "./checks/drift.ts";
import { lastScrape } from "./checks/last_scrape.ts";
import { login } from "./checks/login.ts";
import { port } from "./checks/port.ts";
import { profile } from "./checks/profile.ts";
import { schedule } from "./checks/schedule.ts";
import { systemdUnit } from "./checks/systemd_unit.ts";
import { timeZone } from "./checks/time_zone.ts";
import { usagePage } from "./checks/usage_page.ts";
import { examine, type ExamineOptions } from "./examine.ts";

/** Every check, in the order in which people read them; a new one is one file and one line here. */
export const CHECKS = [
  configuration,
  dataDir,
  database,
  browser,
  profile,
  usagePage,
  login,
  lastScrape,
  schedule,
  smtp,
  webhook,
  adminApi,
  clock,
  timeZone,
  port,
  systemdUnit,
  drift,
] as const satisfies readonly Check[];

/** How the doctor works. */
export interface DoctorOptions extends ExamineOptions {
  /** Mends what it can first; `say` is told what it does. */
  readonly mend?: { readonly say: (text: string) => void } | null;
}

/** Looks at everything that must work. Never throws for what is wrong: that is the report. */
export async function examineAll(patient: Patient, { mend = null, ...options }: DoctorOptions): Promise<DoctorReport> {
  const mended: string[] = [];
  if (mend !== null) {
    const say = (text: string) => {
      mended.push(text);
      mend.say(text);
    };
    await mendAll(patient, { say, signal: options.signal });
  }
  const checks = await examine(patient, { ...options, checks: CHECKS });
  return { at: patient.clock.now(), version: VERSION, checks, mended };
}

/** Lets each check mend what it finds wrong; what cannot be mended is said. */
async function mendAll(
  patient: Patient,
  { say, signal }: { say: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  const checks: readonly Check[] = CHECKS;
  for (const check of checks) {
    if (check.mend === undefined || signal.aborted) continue;
    const [result] = await examine(patient, { checks: [check], signal });
    if (result?.status === "ok") continue;
    try {
      await check.mend(patient, { say });
    } catch (error) {
      say(`${check.title} could not be mended: ${messageOf(error)}`);
    }
  }
}
