import { type DoctorReport, worstOf } from "../domain/doctor.ts";
import type { Json } from "../domain/json.ts";

/** The doctor's report as programs read it. */
export function doctorJson(report: DoctorReport): Json {
  const { at, version, checks, mended } = report;
  return {
    version,
    at: at.toString({ smallestUnit: "second" }),
    status: worstOf(report),
    mended: [...mended],
    checks: checks.map(({ name, title, status, found, why, mend, durationMs }) => ({
      name,
      title,
      status,
      found,
      why,
      mend,
      duration_ms: durationMs,
    })),
  };
}
