import type { RunControl } from "../domain/ports.ts";
import { attemptJson, runJson, stepJson } from "./run_json.ts";

/** A run with its steps and attempts, as `runs show --json` and GET /api/runs/:id have it. */
export function runDetailJson(
  { run, steps, attempts }: NonNullable<ReturnType<RunControl["show"]>>,
) {
  return { ...runJson(run), steps: steps.map(stepJson), attempts: attempts.map(attemptJson) };
}
