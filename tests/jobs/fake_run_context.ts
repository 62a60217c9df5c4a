import type { Json } from "../../domain/json.ts";
import type { Run } from "../../domain/runs/run.ts";
import type { RunContext } from "../../jobs/job.ts";
import type { FakeLog } from "../fake_log.ts";

/** The process was killed: what was not remembered is lost. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** A run whose steps are remembered in a map, over any number of executions. */
interface FakeRun<Tx> {
  readonly tx: Tx;
  readonly log: FakeLog;
  readonly input?: Json;
  readonly id?: number;
  /** Results of finished steps, as JSON. */
  readonly results: Map<string, string>;
  /** Called before each body and between its end and its result being remembered; throws to kill the process there. */
  readonly killPoint?: (step: string) => void;
}

/** The context of one execution. Like the engine's it refuses a name that is used twice. */
export function fakeRunContext<Tx>(fake: FakeRun<Tx>): RunContext<Tx> {
  const signal = new AbortController().signal;
  const used = new Set<string>();

  async function remembered<T extends Json>(name: string, body: () => Promise<T>): Promise<T> {
    if (used.has(name)) throw new Error(`Step "${name}" was used twice`);
    used.add(name);
    const known = fake.results.get(name);
    if (known !== undefined) return JSON.parse(known);
    fake.killPoint?.(name);
    const result = JSON.stringify(await body());
    fake.killPoint?.(name);
    fake.results.set(name, result);
    return JSON.parse(result);
  }

  return {
    run: runOf(fake),
    signal,
    log: fake.log,
    step: (name, body) => remembered(name, () => body({ signal, attempt: 1 })),
    stepAndSave: (name, body, save) => remembered(name, async () => save(fake.tx, await body({ signal, attempt: 1 }))),
    commit: (name, write) => remembered(name, () => Promise.resolve(write(fake.tx))),
  };
}

function runOf({ id = 1, input = null }: { id?: number; input?: Json }): Run {
  return {
    id,
    job: "billing-fetch",
    key: `test-${id}`,
    status: "running",
    input,
    output: null,
    failure: null,
    owner: "test",
    fence: 1,
    retries: 0,
    createdAt: Temporal.Instant.from("2026-01-01T00:00:00Z"),
    finishedAt: null,
    cancelRequestedAt: null,
  };
}
