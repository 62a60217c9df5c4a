import type { Json } from "../../domain/json.ts";
import type { Attempt, Failure, Run, RunControl } from "../../domain/runs/run.ts";
import { pathId } from "../api/schemas.ts";
import { noSuchRun } from "../api/runs.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { formatDuration, formatMoment } from "../words/format.ts";
import { ATTEMPT_TONE, attemptState, jobName, keyWords, resultText } from "../words/runs.ts";
import { Frame } from "./layout.tsx";
import { ActionForm, type Moment, momentOf, Panel, When, WriteRefusal, type Writes, writesOf } from "./parts.tsx";

type RunDetail = NonNullable<ReturnType<RunControl["show"]>>;

/** The longest input or output that a page shows; the API has all of it. */
const LONGEST_JSON = 20_000;

/** GET /runs/:id: a run with its steps, attempts and errors. */
export function runPage(app: WebApp, services: WebServices): void {
  app.get("/runs/:id", (context) => {
    const id = pathId(context.req.param("id"), { what: "run" });
    const found = services.runs.show(id);
    if (found === null) throw noSuchRun(id);
    const page = (
      <Frame title={`Run ${id}`} path="/runs" services={services} said={context.req.query("said")}>
        <RunPage detail={found} moment={momentOf(services)} writes={writesOf(services)} />
      </Frame>
    );
    return context.html(`<!doctype html>${page}`);
  });
}

function RunPage({ detail, moment, writes }: { detail: RunDetail; moment: Moment; writes: Writes }) {
  const { run, attempts } = detail;
  return (
    <>
      <p class="line">
        <a href="/runs">Runs</a>
        {` · ${jobName(run.job)}, ${keyWords(run.key)}`}
      </p>
      <Headline run={run} />
      <p class="note" data-progress hidden />
      {run.failure === null ? null : <FailureNote failure={run.failure} />}
      <Actions run={run} writes={writes} />
      <Facts run={run} moment={moment} />
      <Panel id="steps" title="Steps" note="Each try of each step; a finished step is never repeated">
        {attempts.length === 0
          ? <p class="nothing">No step has begun.</p>
          : <AttemptTable detail={detail} moment={moment} />}
      </Panel>
      <Panel id="data" title="Data" note="What it was given, and what it answered">
        <JsonPart title="Input" value={run.input} />
        <JsonPart title="Output" value={run.output} />
        {run.failure === null ? null : <JsonPart title="Evidence of the failure" value={run.failure.details} />}
        {detail.steps.map(({ name, result }) => <JsonPart title={`Result of step “${name}”`} value={result} />)}
      </Panel>
    </>
  );
}

function Headline({ run }: { run: Run }) {
  const { id, status, createdAt, finishedAt } = run;
  const took = finishedAt === null ? "" : ` after ${formatDuration(createdAt.until(finishedAt))}`;
  const result = run.failure === null ? resultText(run) : null;
  const tone = status === "failed" ? "over" : status === "succeeded" ? "on_track" : "";
  const words = status === "running" ? "is running" : status === "cancelled" ? "was cancelled" : status;
  return (
    <h1>
      {`Run ${id} `}
      <em class={`amount ${tone}`}>{words}</em>
      {`${took}${result === null ? "" : `: ${result}`}.`}
    </h1>
  );
}

function FailureNote({ failure: { message, hint } }: { failure: Failure }) {
  return (
    <div class="banner" id="failure">
      <strong>{message}</strong>
      {hint === null ? null : <p>Try: {hint}</p>}
    </div>
  );
}

function Actions({ run: { id, status, cancelRequestedAt }, writes }: { run: Run; writes: Writes }) {
  if (status === "succeeded") return null;
  if (status === "running" && cancelRequestedAt !== null) return <p class="note">It is asked to stop.</p>;
  return (
    <div class="actions">
      {status === "running"
        ? <ActionForm writes={writes} action={`/runs/${id}/cancel`} label="Cancel" describes={`Cancel run ${id}`} />
        : <ActionForm writes={writes} action={`/runs/${id}/retry`} label="Retry" describes={`Retry run ${id}`} />}
      <WriteRefusal writes={writes} />
    </div>
  );
}

function Facts({ run: { createdAt, finishedAt, key, retries }, moment }: { run: Run; moment: Moment }) {
  const exact = (at: Temporal.Instant) => formatMoment(at, moment.timeZone);
  return (
    <dl class="facts">
      <div>
        <dt>Started</dt>
        <dd>{exact(createdAt)}</dd>
      </div>
      <div>
        <dt>Ended</dt>
        <dd>{finishedAt === null ? "–" : exact(finishedAt)}</dd>
      </div>
      <div>
        <dt>Retried by hand</dt>
        <dd>{retries === 0 ? "never" : retries === 1 ? "once" : `${retries} times`}</dd>
      </div>
      <div>
        <dt>Key</dt>
        <dd>
          <code>{key}</code>
        </dd>
      </div>
    </dl>
  );
}

function AttemptTable({ detail: { run, attempts }, moment }: { detail: RunDetail; moment: Moment }) {
  return (
    <div class="scroll" tabindex={0} role="group" aria-labelledby="steps-title">
      <table class="runs">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col" class="number">Try</th>
            <th scope="col">State</th>
            <th scope="col" class="wide">Began</th>
            <th scope="col" class="number">Took</th>
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <AttemptRows attempt={attempt} run={run} isLast={attempt === attempts.at(-1)} moment={moment} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A failed try has a second row: what went wrong may be long. */
function AttemptRows(props: { attempt: Attempt; run: Run; isLast: boolean; moment: Moment }) {
  const { attempt, run, isLast, moment } = props;
  const { step, number, startedAt, finishedAt } = attempt;
  // The last one is told above already.
  const failure = attempt.failure?.message === run.failure?.message ? null : attempt.failure;
  const state = attemptState(attempt, { run, isLast });
  const key = `try-${step}-${number}`;
  return (
    <>
      <tr data-live-key={key} class={failure === null ? undefined : "has-more"}>
        <th scope="row">{step}</th>
        <td class="number">{number}</td>
        <td>
          <span class={`badge ${ATTEMPT_TONE[state]}`}>{state}</span>
        </td>
        <td class="wide">
          <When at={startedAt} {...moment} />
        </td>
        <td class="number">{finishedAt === null ? "–" : formatDuration(startedAt.until(finishedAt))}</td>
      </tr>
      {failure === null ? null : (
        <tr data-live-key={`${key}-error`}>
          <td colspan={5} class="error">
            {failure.message}
            {failure.hint === null ? null : <small>Try: {failure.hint}</small>}
          </td>
        </tr>
      )}
    </>
  );
}

function JsonPart({ title, value }: { title: string; value: Json }) {
  const text = JSON.stringify(value, null, 2);
  const isCut = text.length > LONGEST_JSON;
  return (
    <details id={`data-${title.replaceAll(/\W+/g, "-").toLowerCase()}`}>
      <summary>{title}</summary>
      <pre tabindex={0}>{isCut ? `${text.slice(0, LONGEST_JSON)}…` : text}</pre>
    </details>
  );
}
