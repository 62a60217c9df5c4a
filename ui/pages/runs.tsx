import { formatAge } from "../../domain/format.ts";
import { type Run, RUN_STATUSES, type RunStatus } from "../../domain/runs/run.ts";
import { beginRetry } from "../../jobs/actions/retry.ts";
import { beginScrape } from "../../jobs/actions/scrape.ts";
import { orProblem, type RunPage, runPageOf, stopRun } from "../api/runs.ts";
import { pathId } from "../api/schemas.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { HttpProblem } from "../web/problem.ts";
import { formatDuration, formatUntil } from "../words/format.ts";
import { cronWords, jobName, keyWords, resultText, STATUS_TONE } from "../words/runs.ts";
import { type FlashName, withFlash } from "./flash.ts";
import { Frame } from "./layout.tsx";
import { ActionForm, type Moment, momentOf, Panel, When, WriteRefusal, type Writes, writesOf } from "./parts.tsx";

/** GET /runs: the jobs with what is due next, and their runs. */
export function runsPage(app: WebApp, services: WebServices): void {
  app.get("/runs", (context) => {
    const query = context.req.query();
    const view = runsView(services, query);
    const page = (
      <Frame title="Runs" path="/runs" services={services} said={query["said"]}>
        <RunsPage view={view} moment={momentOf(services)} writes={writesOf(services)} />
      </Frame>
    );
    return context.html(`<!doctype html>${page}`);
  });
}

function RunsPage({ view, moment, writes }: { view: RunsView; moment: Moment; writes: Writes }) {
  return (
    <>
      <p class="line">Jobs, and what came of them</p>
      <Headline view={view} moment={moment} />
      <p class="note" data-progress hidden />
      <Panel
        id="jobs"
        title="Jobs"
        note={view.isScheduled ? "What runs by the clock" : "This process runs nothing by the clock"}
        aside={<ActionForm writes={writes} action="/runs/scrape" label="Scrape now" />}
      >
        <JobTable jobs={view.jobs} moment={moment} />
        <WriteRefusal writes={writes} />
      </Panel>
      <Panel id="runs" title="Runs" note="Newest first" aside={<Filter view={view} />}>
        {view.page.runs.length === 0
          ? <NoRuns view={view} writes={writes} />
          : <RunTable runs={view.page.runs} moment={moment} />}
        <Paging view={view} />
      </Panel>
    </>
  );
}

/** The answer first: what runs, what failed last, or what is due next. */
function Headline({ view: { jobs, running }, moment: { now } }: { view: RunsView; moment: Moment }) {
  const [first] = running;
  if (first !== undefined) {
    const others = running.length === 1 ? "" : ` and ${running.length - 1} more`;
    return <h1>{`${jobName(first.job)}${others} running now.`}</h1>;
  }
  const failed = jobs.filter(({ last }) => last?.status === "failed");
  const [worst] = failed;
  if (worst !== undefined) {
    const others = failed.length === 1 ? "" : ` and ${failed.length - 1} more`;
    const next = worst.nextDue === null ? "." : `; the next try is due ${formatUntil(worst.nextDue, now)}.`;
    return (
      <h1>
        <em class="amount over">{`${jobName(worst.job)}${others} failed`}</em>
        {` ${worst.last === null ? "" : formatAge(worst.last.createdAt, now)}${next}`}
      </h1>
    );
  }
  if (jobs.every(({ last }) => last === null)) return <h1>Nothing has run yet.</h1>;
  const next = jobs.filter(({ nextDue }) => nextDue !== null)
    .sort((a, b) => Temporal.Instant.compare(a.nextDue ?? now, b.nextDue ?? now))[0];
  const outlook = next === undefined || next.nextDue === null
    ? ""
    : ` ${jobName(next.job)} is due ${formatUntil(next.nextDue, now)}.`;
  return <h1>{`All jobs are well.${outlook}`}</h1>;
}

function JobTable({ jobs, moment }: { jobs: readonly JobView[]; moment: Moment }) {
  return (
    <div class="scroll" tabindex={0} role="group" aria-labelledby="jobs-title">
      <table>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col" class="wide">Schedule</th>
            <th scope="col">Next</th>
            <th scope="col">Last run</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map(({ job, cron, nextDue, last }) => (
            <tr data-live-key={`job-${job}`}>
              <th scope="row">{jobName(job)}</th>
              <td class="wide">{cron === null ? "on request" : cronWords(cron)}</td>
              <td>{nextDue === null ? "–" : <When at={nextDue} {...moment} />}</td>
              <td>{last === null ? "never" : <RunState run={last} moment={moment} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RunState({ run, moment }: { run: Run; moment: Moment }) {
  return (
    <>
      <StatusBadge run={run} />{" "}
      <a href={`/runs/${run.id}`}>
        <When at={run.createdAt} {...moment} />
      </a>
    </>
  );
}

/** A run's status in words and colour. */
function StatusBadge({ run: { status } }: { run: Pick<Run, "status"> }) {
  return <span class={`badge ${STATUS_TONE[status]}`}>{status}</span>;
}

/** Plain forms and links: they work without any script. */
function Filter({ view: { jobs, filter } }: { view: RunsView }) {
  return (
    <form class="filters compact" method="get" action="/runs">
      <label>
        <span>Job</span>
        <select name="job">
          <option value="">all</option>
          {jobs.map(({ job }) => <option value={job} selected={job === filter.job}>{jobName(job)}</option>)}
        </select>
      </label>
      <label>
        <span>Status</span>
        <select name="status">
          <option value="">any</option>
          {RUN_STATUSES.map((status) => <option value={status} selected={status === filter.status}>{status}</option>)}
        </select>
      </label>
      <button type="submit">Show</button>
    </form>
  );
}

function NoRuns({ view: { filter }, writes }: { view: RunsView; writes: Writes }) {
  const isFiltered = Object.keys(filter).length > 0;
  return isFiltered
    ? (
      <p class="nothing">
        No run fits. <a href="/runs">Show all</a>
      </p>
    )
    : (
      <p class="nothing">
        No runs yet. The first one is the scrape: {writes.token === null
          ? (
            <>
              run <code>tracker scrape</code>
            </>
          )
          : "press “Scrape now”"}, or wait for the next full hour.
      </p>
    );
}

function RunTable({ runs, moment }: { runs: readonly Run[]; moment: Moment }) {
  return (
    <div class="scroll" tabindex={0} role="group" aria-labelledby="runs-title">
      <table class="runs">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Job</th>
            <th scope="col">Status</th>
            <th scope="col">Started</th>
            <th scope="col" class="wide">Asked for</th>
            <th scope="col" class="number wide">Took</th>
            <th scope="col" class="wide said">What came of it</th>
          </tr>
        </thead>
        <tbody>{runs.map((run) => <RunRow run={run} moment={moment} />)}</tbody>
      </table>
    </div>
  );
}

function RunRow({ run, moment }: { run: Run; moment: Moment }) {
  const { id, job, key, createdAt, finishedAt } = run;
  return (
    <tr data-live-key={`run-${id}`}>
      <th scope="row">
        <a href={`/runs/${id}`} aria-label={`Run ${id}`}>{id}</a>
      </th>
      <td>{jobName(job)}</td>
      <td>
        <StatusBadge run={run} />
      </td>
      <td>
        <When at={createdAt} {...moment} />
      </td>
      <td class="wide">{keyWords(key)}</td>
      <td class="number wide">{finishedAt === null ? "–" : formatDuration(createdAt.until(finishedAt))}</td>
      <td class="wide said">
        <span class="clip">{resultText(run)}</span>
      </td>
    </tr>
  );
}

function Paging({ view: { filter, page, isFirst } }: { view: RunsView }) {
  if (isFirst && page.nextBefore === null) return null;
  return (
    <nav class="paging" aria-label="Pages of runs">
      {isFirst ? <span /> : <a href={hrefOfRuns(filter)} rel="first">Newest</a>}
      {page.nextBefore === null ? <span /> : <a href={hrefOfRuns(filter, page.nextBefore)} rel="next">Older</a>}
    </nav>
  );
}

const RUNS_PER_PAGE = 25;

/** A job, when it is due, and how it went last. */
interface JobView {
  readonly job: string;
  /** Null where it runs only on request. */
  readonly cron: string | null;
  readonly nextDue: Temporal.Instant | null;
  readonly last: Run | null;
}

/** Which runs are listed; what is left out is not filtered by. */
interface RunsFilter {
  readonly job?: string;
  readonly status?: RunStatus;
}

/** What the page shows. */
interface RunsView {
  readonly jobs: readonly JobView[];
  readonly isScheduled: boolean;
  readonly running: readonly Run[];
  readonly filter: RunsFilter;
  readonly page: RunPage;
  readonly isFirst: boolean;
}

/** Reads what the page shows. @throws HttpProblem 400 where the query is none that the page's forms make. */
function runsView(
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
function hrefOfRuns(filter: RunsFilter, before?: number): string {
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

/** POST /runs/scrape, /runs/:id/retry and /runs/:id/cancel: the pages' forms, which work without any script. */
export function runForms(app: WebApp, services: WebServices): void {
  app.post("/runs/scrape", (context) => {
    const { id } = orProblem(() => beginScrape(services));
    return context.redirect(withFlash(`/runs/${id}`, "scrape-started"), 303);
  });
  app.post("/runs/:id/retry", (context) => {
    const id = pathId(context.req.param("id"), { what: "run" });
    const said = unlessConflict(() => void orProblem(() => beginRetry(services, id)), {
      done: "run-retried",
      not: "run-not-retryable",
    });
    return context.redirect(withFlash(`/runs/${id}`, said), 303);
  });
  app.post("/runs/:id/cancel", (context) => {
    const id = pathId(context.req.param("id"), { what: "run" });
    const said = unlessConflict(() => stopRun(services, id), { done: "run-cancelling", not: "run-not-running" });
    return context.redirect(withFlash(`/runs/${id}`, said), 303);
  });
}

/** What the page says: that it is done, or that it does not fit what has become of the run meanwhile. */
function unlessConflict(act: () => void, { done, not }: { done: FlashName; not: FlashName }): FlashName {
  try {
    act();
    return done;
  } catch (error) {
    if (error instanceof HttpProblem && error.problem.status === 409) return not;
    throw error;
  }
}
