import type { Setting } from "../domain/config.ts";
import type { DoctorReport } from "../domain/doctor.ts";
import type { StoredSize, Version } from "../domain/installation.ts";
import type { Micros } from "../domain/money.ts";
import type { Budget } from "../domain/stores.ts";
import { budgetsJson } from "./budget_json.ts";
import { doctorJson } from "./doctor_json.ts";

/** What GET /api/settings tells. */
export interface SettingsParts {
  readonly settings: readonly Setting[];
  readonly budgets: readonly Budget[];
  readonly thresholds: readonly Micros[];
  readonly versions: readonly Version[];
  readonly sizes: readonly StoredSize[];
  readonly report: DoctorReport | null;
}

/** How the tracker is set up. A value that is not to be shown is null, and `is_set` tells whether there is one. */
export function settingsJson({ settings, budgets, thresholds, versions, sizes, report }: SettingsParts) {
  return {
    settings: settings.map(({ name, value, isHidden, isSet, source }) => ({
      name,
      value,
      is_hidden: isHidden,
      is_set: isSet,
      source,
    })),
    effective_budget_cents: budgetsJson(budgets).effective_budget_cents,
    thresholds_micros: thresholds.map(Number),
    versions: versions.map(({ name, version }) => ({ name, version })),
    sizes: sizes.map(({ name, bytes, files, isPartial }) => ({ name, bytes, files, is_partial: isPartial })),
    doctor: report === null ? null : doctorJson(report),
  };
}
