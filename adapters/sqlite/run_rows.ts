import { z } from "zod";
import { instantColumn as instant } from "./columns.ts";
import { messageOf, TrackerError } from "../../domain/errors.ts";
import { type Attempt, type Failure, type Run, RUN_STATUSES, type Step } from "../../domain/run.ts";

const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: messageOf(error) });
    return z.NEVER;
  }
});

const json = jsonText.pipe(z.json());

const failure: z.ZodType<Failure> = jsonText.pipe(
  z.object({ name: z.string(), message: z.string(), hint: z.string().nullable(), details: z.json() }),
);

const runRow: z.ZodType<Run> = z.object({
  id: z.int(),
  job: z.string(),
  key: z.string(),
  status: z.enum(RUN_STATUSES),
  input: json,
  output: json.nullable(),
  failure: failure.nullable(),
  owner: z.string(),
  fence: z.int(),
  retries: z.int(),
  created_at: instant,
  finished_at: instant.nullable(),
  cancel_requested_at: instant.nullable(),
}).transform((row) => ({
  id: row.id,
  job: row.job,
  key: row.key,
  status: row.status,
  input: row.input,
  output: row.output,
  failure: row.failure,
  owner: row.owner,
  fence: row.fence,
  retries: row.retries,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
  cancelRequestedAt: row.cancel_requested_at,
}));

const stepRow: z.ZodType<Step> = z.object({ run_id: z.int(), name: z.string(), result: json, finished_at: instant })
  .transform((row) => ({ runId: row.run_id, name: row.name, result: row.result, finishedAt: row.finished_at }));

const attemptRow: z.ZodType<Attempt> = z.object({
  run_id: z.int(),
  step: z.string(),
  number: z.int(),
  retry: z.int(),
  started_at: instant,
  finished_at: instant.nullable(),
  failure: failure.nullable(),
}).transform((row) => ({
  runId: row.run_id,
  step: row.step,
  number: row.number,
  retry: row.retry,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  failure: row.failure,
}));

/** A row of `runs`. @throws TrackerError where it is damaged. */
export function readRun(row: unknown): Run {
  return read(runRow, { table: "runs", row });
}

/** A row of `steps`. @throws TrackerError where it is damaged. */
export function readStep(row: unknown): Step {
  return read(stepRow, { table: "steps", row });
}

/** A row of `attempts`. @throws TrackerError where it is damaged. */
export function readAttempt(row: unknown): Attempt {
  return read(attemptRow, { table: "attempts", row });
}

function read<T>(schema: z.ZodType<T>, { table, row }: { table: string; row: unknown }): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  const id = z.object({ id: z.int() }).safeParse(row);
  const which = id.success ? `row ${id.data.id} of "${table}"` : `a row of "${table}"`;
  throw new TrackerError(`Cannot read ${which} as it is damaged: ${z.prettifyError(parsed.error)}`, {
    hint: "Restore a copy of the database from DATA_DIR/backups, or delete the row.",
    cause: parsed.error,
  });
}
