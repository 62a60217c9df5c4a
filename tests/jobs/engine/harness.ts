import { SqliteRunStore } from "../../../adapters/sqlite/runs.ts";
import type { Log, LogFields } from "../../../domain/log.ts";
import type { Liveness, Run } from "../../../domain/runs/run.ts";
import { createEngine, type Engine, type EngineOptions } from "../../../jobs/engine/engine.ts";
import type { Job, RunContext } from "../../../jobs/job.ts";
import { memoryDatabase } from "../../adapters/sqlite/test_database.ts";
import { VirtualTime } from "./virtual_time.ts";
import type { StatementSync } from "node:sqlite";

/** What the tests' steps write with. */
export interface Notes {
  add(note: string): void;
}

/** Notes in a database in memory, which come and go with its transactions. */
export class NotesTable implements Notes {
  readonly db = memoryDatabase();
  readonly #insert: StatementSync;

  constructor() {
    this.db.exec("CREATE TABLE notes (note TEXT NOT NULL) STRICT");
    this.#insert = this.db.prepare("INSERT INTO notes VALUES (?)");
  }

  add(note: string): void {
    this.#insert.run(note);
  }

  list(): string[] {
    return this.db.prepare("SELECT note FROM notes ORDER BY rowid").all().map(({ note }) => String(note));
  }
}

/** One store, one time and one log, shared by the engines of several pretended processes. */
export class Harness {
  readonly time = new VirtualTime();
  readonly dead = new Set<string>();
  readonly events: { level: string; event: string; fields: LogFields }[] = [];
  readonly #notes = new NotesTable();
  readonly store = new SqliteRunStore<Notes>(this.#notes.db, () => this.#notes);

  get notes(): string[] {
    return this.#notes.list();
  }

  /** An engine of the pretended process `self`. */
  engine(
    jobs: Job<Notes>[],
    { self = "p1", ...options }: Partial<EngineOptions<Notes>> & { self?: string } = {},
  ): Engine {
    const { store, time, log } = this;
    const liveness: Liveness = { self, isAlive: (owner) => !this.dead.has(owner) };
    return createEngine({ jobs, store, liveness, clock: time, log, sleep: time.sleep, random: () => 0.5, ...options });
  }

  /** Starts the job and moves the time on until its run has ended here. */
  async run(body: (context: RunContext<Notes>) => Promise<null>, job: Partial<Job<Notes>> = {}): Promise<Run> {
    const engine = this.engine([{ name: "job", run: body, ...job }]);
    return await this.time.until(engine.start("job", "k", null));
  }

  /** A run that another process, now dead, has left as running. */
  orphan({ job = "job", key = "k" } = {}): Run {
    this.dead.add("gone");
    return this.store.open({ job, key, input: null, owner: "gone", at: this.time.now() }).run;
  }

  eventNames(): string[] {
    return this.events.map(({ event }) => event);
  }

  get log(): Log {
    const record = (level: string) => (event: string, fields: LogFields = {}) => {
      this.events.push({ level, event, fields });
    };
    return { debug: record("debug"), info: record("info"), warn: record("warn"), error: record("error") };
  }
}

/** A body that waits for its signal and then rejects with the reason, as well-behaved bodies do. */
export function untilAborted({ signal }: { signal: AbortSignal }): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

/** A body that never ends, whatever its signal says. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** A job that waits in its second step until `gate` opens. */
export function gatedJob(gate: Promise<unknown>, bodies: string[] = []): Job<Notes> {
  return {
    name: "job",
    async run({ step }: RunContext<Notes>) {
      await step("a", () => (bodies.push("a"), Promise.resolve(1)));
      await step("b", ({ signal }) => {
        bodies.push("b");
        return Promise.race([gate.then(() => 2), untilAborted({ signal })]);
      });
      return "done";
    },
  };
}
