import { type Run, RUN_STATUSES } from "../../../domain/run.ts";
import type { WebApp, WebServices } from "../app.tsx";
import { formatAge, formatDuration, formatUntil } from "../format.ts";
import { Frame } from "./frame.tsx";
import { ActionForm, type Moment, momentOf, Panel, When, WriteRefusal, type Writes, writesOf } from "./parts.tsx";
import { cronWords, jobName, keyWords, resultText, STATUS_TONE } from "./run_words.ts";
import { hrefOfRuns, type JobView, type RunsView, runsView } from "./runs_view.ts";

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
export function StatusBadge({ run: { status } }: { run: Pick<Run, "status"> }) {
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
