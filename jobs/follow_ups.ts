import { ALERT_SWEEP } from "../domain/alerts/delivery.ts";
import { SCRAPE } from "../domain/capture/scrape.ts";
import type { Clock, Sleep } from "../domain/clock.ts";
import { messageOf } from "../domain/errors.ts";
import { isJsonObject, type Json } from "../domain/json.ts";
import type { Log } from "../domain/log.ts";
import type { Run } from "../domain/runs/run.ts";
import type { Engine } from "./engine/engine.ts";

/** The schedule sweeps every 15 minutes anyway. */
const LATEST_RETRY_MS = 15 * 60_000;
/** Several messages that are due about now are one sweep's work. */
const SOONEST_RETRY_MS = 5_000;

/** What follow-ups are made of. */
interface FollowUpsOptions {
  /** Asked for when something follows: the engine itself tells of the runs. */
  readonly engine: () => Pick<Engine, "start">;
  readonly clock: Clock;
  readonly log: Log;
  readonly sleep: Sleep;
}

/**
 * What follows the end of a run: a sweep after each scrape, and a sweep when a message that failed is due again. A sweep
 * that waits for a mail server holds up neither the scrape nor the schedule.
 */
export class FollowUps {
  readonly #engine: () => Pick<Engine, "start">;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #goingOn = new Set<Promise<void>>();
  readonly #sleep: Sleep;
  readonly #closing = new AbortController();
  #retry: AbortController | null = null;

  constructor({ engine, clock, sleep, log }: FollowUpsOptions) {
    this.#engine = engine;
    this.#clock = clock;
    this.#log = log;
    this.#sleep = sleep;
  }

  /** For the engine to call at the end of each run. */
  after({ job, id, fence, status, output }: Run): void {
    if (this.#closing.signal.aborted || status === "running") return;
    if (job === SCRAPE) this.#sweep(`after:${id}:${fence}`);
    if (job === ALERT_SWEEP) this.#retryAt(nextAttempt(output));
  }

  /** Waits for the sweeps that go on. */
  async settled(): Promise<void> {
    while (this.#goingOn.size > 0) await Promise.all(this.#goingOn);
  }

  /** From now on nothing follows any more. */
  close(): void {
    this.#closing.abort();
    this.#retry?.abort();
  }

  /** The newest sweep knows best what is due next: its retry takes the place of the one before. */
  #retryAt(at: Temporal.Instant | null): void {
    this.#retry?.abort();
    this.#retry = null;
    const ms = at === null ? LATEST_RETRY_MS : this.#clock.now().until(at).total("milliseconds");
    if (ms >= LATEST_RETRY_MS) return;
    const retry = this.#retry = new AbortController();
    void this.#sleep(Math.max(SOONEST_RETRY_MS, ms), retry.signal).then(() => {
      if (!retry.signal.aborted) this.#sweep(`retry:${at}`);
    });
  }

  #sweep(key: string): void {
    const sweep = this.#engine().start(ALERT_SWEEP, key, null).then(() => undefined, (error) => {
      if (!this.#closing.signal.aborted) this.#log.error("alert_sweep.failed", { key, error: messageOf(error) });
    });
    this.#goingOn.add(sweep);
    sweep.finally(() => this.#goingOn.delete(sweep));
  }
}

function nextAttempt(output: Json): Temporal.Instant | null {
  const at = isJsonObject(output) ? output["next_attempt_at"] : null;
  return typeof at === "string" ? Temporal.Instant.from(at) : null;
}
