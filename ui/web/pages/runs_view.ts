import { type Run, RUN_STATUSES, type RunStatus } from "../../../domain/run.ts";
import type { WebServices } from "../app.tsx";
import { HttpProblem } from "../problem.ts";
import { type RunPage, runPageOf } from "../run_list.ts";

const RUNS_PER_PAGE = 25;

/** A job, when it is due, and how it went last. */
export interface JobView {
  readonly job: string;
  /** Null where it runs only on request. */
  readonly cron: string | null;
  readonly nextDue: Temporal.Instant | null;
  readonly last: Run | null;
}

/** Which runs are listed; what is left out is not filtered by. */
export interface RunsFilter {
  readonly job?: string;
  readonly status?: RunStatus;
}

/** What the page shows. */
export interface RunsView {
  readonly jobs: readonly JobView[];
  readonly isScheduled: boolean;
  readonly running: readonly Run[];
  readonly filter: RunsFilter;
  readonly page: RunPage;
  readonly isFirst: boolean;
}

/** Reads what the page shows. @throws HttpProblem 400 where the query is none that the page's forms make. */
export function runsView(
  { runs, schedule, clock }: WebServices,
  query: Readonly<Record<string, string>>,
): RunsView {
  const now = clock.now();
  const jobs = [...new Set([...schedule.map(({ job }) => job), ...runs.jobs])].map((job): JobView => {
    const due = schedule.find((entry) => entry.job === job);
    return {
      job,
      cron: due?.cron ?? null,
      nextDue: due?.nextDue(now) ?? null,
      last: runs.list({ job, limit: 1 })[0] ?? null,
    };
  });
  const filter = filterOf(query);
  const before = beforeOf(query["before"]);
  const page = runPageOf(runs, { ...filter, limit: RUNS_PER_PAGE, ...(before === null ? {} : { before }) });
  return {
    jobs,
    isScheduled: schedule.length > 0,
    running: runs.list({ status: "running", limit: RUNS_PER_PAGE }),
    filter,
    page,
    isFirst: before === null,
  };
}

/** The address of a page of runs. */
export function hrefOfRuns(filter: RunsFilter, before?: number): string {
  const query = new URLSearchParams({ ...filter, ...(before === undefined ? {} : { before: String(before) }) });
  return query.size === 0 ? "/runs" : `/runs?${query}`;
}

/** An empty choice of the form is none. */
function filterOf({ job = "", status = "" }: Readonly<Record<string, string>>): RunsFilter {
  const known = RUN_STATUSES.find((each) => each === status);
  if (status !== "" && known === undefined) throw badQuery(`'status' must be one of ${RUN_STATUSES.join(", ")}`);
  return { ...(job === "" ? {} : { job }), ...(known === undefined ? {} : { status: known }) };
}

function beforeOf(text: string | undefined): number | null {
  if (text === undefined || text === "") return null;
  if (!/^[1-9]\d{0,14}$/.test(text)) throw badQuery("'before' must be the number of a run");
  return Number(text);
}

function badQuery(detail: string): HttpProblem {
  return new HttpProblem({ status: 400, title: "Bad request", detail: `${detail}.` });
}
