import type { Clock, Sleep } from "../../domain/clock.ts";
import { TrackerError } from "../../domain/errors.ts";
import type { Json } from "../../domain/json.ts";
import type { Log } from "../../domain/log.ts";
import type { Liveness, Run, RunStatus, RunStore } from "../../domain/runs/run.ts";
import type { Job } from "../job.ts";
import { requireJson } from "./errors.ts";
import { Execution } from "./execution.ts";
import type { EngineParts } from "./parts.ts";

/** What an engine is made of. Times are milliseconds. */
export interface EngineOptions<Tx> {
  /** The jobs that it can run; their names must differ. */
  readonly jobs: readonly Job<Tx>[];
  readonly store: RunStore<Tx>;
  /** Its `self` must belong to this engine alone. */
  readonly liveness: Liveness;
  readonly clock: Clock;
  readonly log: Log;
  /** For the jitter of pauses, from 0 (inclusive) to 1 (exclusive). Default `Math.random`. */
  readonly random?: () => number;
  readonly sleep: Sleep;
  /** How often a run looks whether another process asked for its end. Default 1,000. */
  readonly cancelPollMs?: number;
  /** How often a run that another process runs is looked at. Default 1,000. */
  readonly joinPollMs?: number;
  /** How long an aborted body may clean up before it is left behind. Default 5,000. */
  readonly graceMs?: number;
  /** How many interrupted tries of one step fail its run. Default 10. */
  readonly maxInterruptions?: number;
  /** Told of each run that ended here: what follows it. It must not throw. */
  readonly ended?: (run: Run) => void;
}

/** Which finished runs `prune` keeps. */
interface PruneOptions {
  /** Default 90. */
  readonly keepDays?: number;
  /** The newest of each job are kept however old they are. Default 50. */
  readonly keepPerJob?: number;
}

/** A run that goes on by itself. */
export interface BegunRun {
  readonly run: Run;
  /** The run as it ended. */
  readonly ended: Promise<Run>;
}

/** Runs jobs so that a crash at any moment loses no finished step and repeats none. */
export interface Engine {
  /** The jobs that it can run. */
  readonly jobs: readonly string[];
  /**
   * Creates the run, or joins the one with this (job, key), and waits for its end. A finished run is answered as it is,
   * failed ones too. One that another live process runs is waited for; one whose process died is taken over. Where this
   * engine stops meanwhile the run is answered while still running.
   */
  start(job: string, key: string, input: Json): Promise<Run>;
  /** The same, answered at once; `ended` settles as `start` does. */
  begin(job: string, key: string, input: Json): BegunRun;
  /**
   * Takes over and finishes the running runs, of this job or of all, whose process died: jobs side by side, the runs of
   * one job one after another, oldest first.
   */
  resume(filter?: { job?: string }): Promise<Run[]>;
  /** Goes on with a failed or cancelled run from its first unfinished step, each step with fresh tries. */
  retry(runId: number): Promise<Run>;
  /** The same, answered at once. @throws TrackerError where the run is not there, or neither failed nor cancelled. */
  beginRetry(runId: number): BegunRun;
  /** Ends a running run, at once where it runs here or its process died; false where no such run is running. */
  cancel(runId: number): boolean;
  /** Interrupts what runs here and waits for it. The runs stay running, and are resumed at the next start. */
  stop(): Promise<void>;
  /** Deletes old finished runs; answers how many. */
  prune(options?: PruneOptions): number;
}

/** Makes an engine. It does nothing until it is told to; call `resume` at start-up. */
export function createEngine<Tx>(options: EngineOptions<Tx>): Engine {
  return new DurableEngine(options);
}

class DurableEngine<Tx> implements Engine {
  readonly #jobs: ReadonlyMap<string, Job<Tx>>;
  readonly #parts: EngineParts<Tx>;
  readonly #liveness: Liveness;
  readonly #joinPollMs: number;
  readonly #ended: (run: Run) => void;
  readonly #active = new Map<number, { execution: Execution<Tx>; ended: Promise<Run> }>();
  readonly #stopping = new AbortController();

  constructor(options: EngineOptions<Tx>) {
    const { jobs, store, clock, sleep, log, random = Math.random } = options;
    this.#jobs = jobsByName(jobs);
    this.#liveness = options.liveness;
    this.#joinPollMs = options.joinPollMs ?? 1_000;
    this.#ended = options.ended ?? (() => undefined);
    this.#parts = {
      store,
      clock,
      log,
      random,
      sleep,
      cancelPollMs: options.cancelPollMs ?? 1_000,
      graceMs: options.graceMs ?? 5_000,
      maxInterruptions: options.maxInterruptions ?? 10,
    };
  }

  get jobs(): readonly string[] {
    return [...this.#jobs.keys()];
  }

  async start(job: string, key: string, input: Json): Promise<Run> {
    return await this.begin(job, key, input).ended;
  }

  begin(job: string, key: string, input: Json): BegunRun {
    this.#refuseWhenStopping();
    this.#requireJob(job);
    requireJson(input, "the run's input");
    const { store, clock } = this.#parts;
    const { run, created } = store.open({ job, key, input, owner: this.#liveness.self, at: clock.now() });
    return { run, ended: created ? this.#execute(run, "run.started") : this.#join(run) };
  }

  async resume({ job }: { job?: string } = {}): Promise<Run[]> {
    this.#refuseWhenStopping();
    const filter = { status: "running" } as const;
    const running = this.#parts.store.list(job === undefined ? filter : { ...filter, job }).reverse();
    const orphans = running.filter((run) => this.#isOrphan(run) && this.#knows(run));
    const byJob = Map.groupBy(orphans, (run) => run.job);
    const ended = await Promise.allSettled(byJob.values().map((runs) => this.#takeOverAll(runs)));
    const failure = ended.find((one) => one.status === "rejected");
    if (failure !== undefined) throw failure.reason;
    return ended.flatMap((one) => one.status === "fulfilled" ? one.value : []);
  }

  async retry(runId: number): Promise<Run> {
    return await this.beginRetry(runId).ended;
  }

  beginRetry(runId: number): BegunRun {
    this.#refuseWhenStopping();
    const run = this.#parts.store.find(runId);
    if (run === null) throw new TrackerError(`Cannot retry run ${runId} as there is no such run`, { exitCode: 2 });
    this.#requireJob(run.job);
    const claimed = this.#claim(run, ["failed", "cancelled"]);
    if (claimed !== null) return { run: claimed, ended: this.#execute(claimed, "run.retried") };
    const { status } = this.#parts.store.find(runId) ?? run;
    throw new TrackerError(`Cannot retry run ${runId} as it must be failed or cancelled: it is ${status}`, {
      hint: status === "running" ? "Cancel it first, or wait for its end." : null,
    });
  }

  cancel(runId: number): boolean {
    const { store, clock } = this.#parts;
    const run = store.find(runId);
    if (run?.status !== "running") return false;
    const active = this.#active.get(runId);
    // The request is stored first, so that a crash before the run's end does not undo it.
    if (active !== undefined || !this.#isOrphan(run)) {
      const requested = store.requestCancel(runId, clock.now());
      active?.execution.abort("cancelled");
      return requested;
    }
    const claimed = this.#claim(run, ["running"]);
    if (claimed === null) return store.requestCancel(runId, clock.now());
    store.cancel({ runId, owner: claimed.owner, fence: claimed.fence }, clock.now());
    this.#parts.log.info("run.cancelled", { run_id: runId, job: run.job, key: run.key });
    return true;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const active = [...this.#active.values()];
    for (const { execution } of active) execution.abort("stopped");
    await Promise.allSettled(active.map(({ ended }) => ended));
  }

  prune({ keepDays = 90, keepPerJob = 50 }: PruneOptions = {}): number {
    const { store, clock, log } = this.#parts;
    const pruned = store.prune({ before: clock.now().subtract({ hours: 24 * keepDays }), keepPerJob });
    if (pruned > 0) log.info("run.pruned", { runs: pruned });
    return pruned;
  }

  /** Waits until somebody ends the run, or takes it over where nobody can. */
  async #join(run: Run): Promise<Run> {
    let current = run;
    while (current.status === "running") {
      const active = this.#active.get(current.id);
      if (active !== undefined) return await active.ended;
      if (this.#stopping.signal.aborted) return current;
      if (this.#isOrphan(current)) {
        const claimed = this.#claim(current, ["running"]);
        if (claimed !== null) return await this.#execute(claimed, "run.resumed");
      } else {
        await this.#parts.sleep(this.#joinPollMs, this.#stopping.signal);
      }
      current = this.#parts.store.find(current.id) ?? { ...current, status: "cancelled" };
    }
    return current;
  }

  async #takeOverAll(runs: readonly Run[]): Promise<Run[]> {
    const ended: Run[] = [];
    for (const run of runs) {
      if (this.#stopping.signal.aborted) break;
      const claimed = this.#claim(run, ["running"]);
      if (claimed !== null) ended.push(await this.#execute(claimed, "run.resumed"));
    }
    return ended;
  }

  async #execute(run: Run, event: "run.started" | "run.resumed" | "run.retried"): Promise<Run> {
    const execution = new Execution(this.#requireJob(run.job), { run, parts: this.#parts });
    execution.log.info(event, { fence: run.fence });
    // Not before the run is known as active: its job may ask this engine about it.
    const ended = Promise.resolve().then(() => execution.execute());
    this.#active.set(run.id, { execution, ended });
    try {
      const over = await ended;
      if (over.status !== "running") this.#ended(over);
      return over;
    } finally {
      this.#active.delete(run.id);
    }
  }

  #claim(run: Run, from: readonly RunStatus[]): Run | null {
    const { store, clock } = this.#parts;
    return store.claim(run.id, { owner: this.#liveness.self, from, fence: run.fence, at: clock.now() });
  }

  /** Whether nobody runs it: its process died, or this one could not store its end. */
  #isOrphan({ id, owner }: Run): boolean {
    return owner === this.#liveness.self ? !this.#active.has(id) : !this.#liveness.isAlive(owner);
  }

  #knows(run: Run): boolean {
    if (this.#jobs.has(run.job)) return true;
    const hint = `Cancel it with \`tracker runs cancel ${run.id}\`, or run the version that knows the job.`;
    this.#parts.log.warn("run.refused", { run_id: run.id, job: run.job, key: run.key, hint });
    return false;
  }

  #requireJob(name: string): Job<Tx> {
    const job = this.#jobs.get(name);
    if (job !== undefined) return job;
    const known = [...this.#jobs.keys()].join(", ");
    throw new TrackerError(`Cannot run job "${name}" as it must be one of ${known}`, { exitCode: 2 });
  }

  #refuseWhenStopping(): void {
    if (this.#stopping.signal.aborted) throw new TrackerError("Cannot start a run as tracker is stopping");
  }
}

function jobsByName<Tx>(jobs: readonly Job<Tx>[]): Map<string, Job<Tx>> {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  if (byName.size !== jobs.length) {
    throw new TypeError(
      `Cannot create an engine as the names of its jobs must differ: ${jobs.map(({ name }) => name)}`,
    );
  }
  return byName;
}
