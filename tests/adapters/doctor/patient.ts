import { readConfig } from "../../../adapters/config/config.ts";
import type { Check, Patient } from "../../../adapters/doctor/check.ts";
import { examine } from "../../../adapters/doctor/doctor.ts";
import { openDatabase } from "../../../adapters/sqlite/open.ts";
import { sqliteStores } from "../../../adapters/sqlite/stores.ts";
import type { Finding } from "../../../domain/operations/doctor.ts";
import type { Stores } from "../../../domain/stores.ts";

/** Noon of a quiet day. */
export const NOON = Temporal.Instant.from("2026-11-21T12:00:00Z");

/** Somebody to be looked at, in a folder of their own. */
export function patientIn(
  dir: string,
  { env = {}, now = NOON }: { env?: Record<string, string>; now?: Temporal.Instant } = {},
): Patient {
  return {
    ...readConfig({ env, workingDir: dir }),
    path: "/usr/bin:/bin",
    clock: { now: () => now },
    look: null,
    isServing: false,
  };
}

/** What one check finds. */
export async function findingOf(check: Check, patient: Patient): Promise<Finding> {
  const [result] = await examine(patient, { checks: [check], signal: new AbortController().signal });
  if (result === undefined) throw new Error("Every check has a result");
  const { status, found, why, mend } = result;
  return { status, found, why, mend };
}

/** Fills the patient's database. */
export function fillDatabase({ config: { dataDir }, clock }: Patient, fill: (stores: Stores) => void): void {
  const db = openDatabase(dataDir, { clock });
  try {
    fill(sqliteStores(db));
  } finally {
    db.close();
  }
}
