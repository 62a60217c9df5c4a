import { TrackerError } from "../../../domain/errors.ts";
import { isJsonObject, type Json } from "../../../domain/json.ts";
import { type Attempt, type Failure, type Run, RUN_STATUSES, type Step } from "../../../domain/runs/run.ts";
import { cancelRun, NoSuchRun, retryRun } from "../../../jobs/actions/retry.ts";
import { runDetailJson, runJson } from "../../api/runs.ts";
import { formatSeconds } from "../../words/format.ts";
import { positiveInteger } from "../arguments.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, formatTable, withProgress, writeJson } from "../output.ts";
import type { Command } from "commander";

interface ListOptions extends CommonOptions {
  readonly job?: string;
  readonly status?: string;
  readonly limit: number;
}

/** `tracker runs list|show|retry|cancel`. */
export function runsCommand(program: Command, context: CliContext): void {
  const runs = program.command("runs").description("list, show, retry and cancel runs of the jobs");
  runs.command("list").description("list runs, newest first")
    .option("--job <name>", "only runs of this job")
    .option("--status <status>", `only runs in this state: ${RUN_STATUSES.join(", ")}`)
    .option("--limit <n>", "how many at most", positiveInteger, 20)
    .option("--json", "print the runs as JSON")
    .action((options: ListOptions) => list(context, options));
  runs.command("show").description("show a run with its steps and attempts")
    .argument("<id>", "the run's number", positiveInteger)
    .option("--json", "print the run as JSON")
    .action((id: number, options: CommonOptions) => show(context, { id, ...options }));
  runs.command("retry").description("go on with a failed or cancelled run from its failed step")
    .argument("<id>", "the run's number", positiveInteger)
    .option("--json", "print the run as JSON")
    .action((id: number, options: CommonOptions) => retry(context, { id, ...options }));
  runs.command("cancel").description("stop a running run")
    .argument("<id>", "the run's number", positiveInteger)
    .option("--json", "print the answer as JSON")
    .action((id: number, options: CommonOptions) => cancel(context, { id, ...options }));
}

async function list(context: CliContext, { job, status, limit, json = false }: ListOptions): Promise<void> {
  const state = RUN_STATUSES.find((known) => known === status);
  if (status !== undefined && state === undefined) {
    const hint = `Use one of ${RUN_STATUSES.join(", ")}.`;
    throw new TrackerError(`Cannot list runs in state '${status}' as there is no such state`, { hint, exitCode: 2 });
  }
  await context.withServices({ echo: "warn" }, (services) => {
    const filter = { limit, ...(job === undefined ? {} : { job }), ...(state === undefined ? {} : { status: state }) };
    const found = services.runs.list(filter);
    if (json) writeJson(context.terminal, { runs: found.map(runJson) });
    else context.terminal.write(found.length === 0 ? "No runs yet.\n" : runTable(found));
    return Promise.resolve();
  });
}

async function show(context: CliContext, { id, json = false }: CommonOptions & { id: number }): Promise<void> {
  await context.withServices({ echo: "warn" }, (services) => {
    const found = services.runs.show(id);
    if (found === null) throw new NoSuchRun(id);
    if (json) writeJson(context.terminal, runDetailJson(found));
    else context.terminal.write(runTable([found.run]) + detailText(found.run, found));
    return Promise.resolve();
  });
}

async function retry(context: CliContext, { id, json = false }: CommonOptions & { id: number }): Promise<void> {
  await context.withServices({ echo: null }, async (services) => {
    const ended = retryRun(services, id);
    const run = await withProgress(
      context.terminal,
      { doing: `Retrying run ${id}`, done: ({ status }) => `Run ${id} ${status}.` },
      () => ended,
    );
    if (json) writeJson(context.terminal, runJson(run));
    else context.terminal.write(runTable([run]));
    if (run.failure !== null) throw errorOf(run.failure);
  });
}

async function cancel(context: CliContext, { id, json = false }: CommonOptions & { id: number }): Promise<void> {
  await context.withServices({ echo: "warn" }, (services) => {
    if (!cancelRun(services, id)) {
      throw new TrackerError(`Cannot cancel run ${id} as it is not running`, { hint: "See 'tracker runs list'." });
    }
    if (json) writeJson(context.terminal, { id, cancel_requested: true });
    else context.terminal.write(`Run ${id} is asked to stop.\n`);
    return Promise.resolve();
  });
}

/** A failed run ends its command as the failing code asked for. */
function errorOf({ message, hint, details }: Failure): TrackerError {
  const code = isJsonObject(details) ? details["exitCode"] : null;
  return new TrackerError(message, { hint, ...(typeof code === "number" ? { exitCode: code } : {}) });
}

function runTable(runs: readonly Run[]): string {
  const rows = runs.map(({ id, job, key, status, createdAt, finishedAt, failure }) => {
    const took = finishedAt === null ? "" : formatSeconds(createdAt.until(finishedAt));
    return [String(id), job, status, key, createdAt.toString({ smallestUnit: "second" }), took, failure?.message ?? ""];
  });
  return formatTable(["id", "job", "status", "key", "started", "took", "error"], rows, { right: [0, 5] });
}

function detailText(run: Run, { steps, attempts }: { steps: readonly Step[]; attempts: readonly Attempt[] }): string {
  const finished = new Set(steps.map(({ name }) => name));
  const rows = attempts.map(({ step, number, startedAt, finishedAt, failure }) => {
    const isOpen = finishedAt === null && run.status === "running" && !finished.has(step);
    const state = failure !== null ? "failed" : finishedAt === null ? (isOpen ? "started" : "interrupted") : "done";
    const took = finishedAt === null ? "" : formatSeconds(startedAt.until(finishedAt));
    return [step, String(number), state, took, failure?.message ?? ""];
  });
  const table = rows.length === 0
    ? ""
    : `\n${formatTable(["step", "try", "state", "took", "error"], rows, { right: [1, 3] })}`;
  const evidence = run.failure === null ? "" : evidenceText(run.failure.details);
  return table + evidence + (run.failure?.hint ? `\nTry:   ${run.failure.hint}\n` : "");
}

/** What a failed scrape's outcome was decided by, as lines; nothing where a failure has no evidence. */
export function evidenceText(details: Json): string {
  const evidence = isJsonObject(details) ? details["evidence"] : null;
  if (evidence === undefined || !isJsonObject(evidence)) return "";
  const calls = Array.isArray(evidence["apiCalls"]) ? evidence["apiCalls"] : [];
  const problems = Array.isArray(evidence["problems"]) ? evidence["problems"] : [];
  const facts: readonly (readonly [string, Json | undefined])[] = [
    ["page", evidence["finalUrl"] ?? evidence["requestedUrl"]],
    ["status", evidence["pageStatus"]],
    ["title", evidence["title"]],
    ["login form", evidence["hasLoginForm"]],
    ["bot check", evidence["isChallenged"]],
    ["timed out", evidence["timedOut"]],
    ["crashed", evidence["hasCrashed"]],
    ...calls.map((call) => ["call", isJsonObject(call) ? `${call["path"]} ${call["status"]}` : null] as const),
    ...problems.map((problem) => ["problem", problem] as const),
  ];
  const told = facts.filter(([, value]) => value !== null && value !== undefined && value !== false);
  return `\nEvidence\n${
    told.map(([name, value]) => `  ${name.padEnd(10)}  ${value === true ? "yes" : value}\n`).join("")
  }`;
}
