import { ALERT_SWEEP } from "../domain/alert_sweep.ts";
import { messageOf } from "../domain/errors.ts";
import { isJsonObject, type Json } from "../domain/json.ts";
import type { Clock, Log } from "../domain/ports.ts";
import type { Run } from "../domain/run.ts";
import { SCRAPE } from "../domain/scrape_result.ts";
import type { Engine } from "../jobs/engine/engine.ts";

/** The schedule sweeps every 15 minutes anyway. */
const LATEST_RETRY_MS = 15 * 60_000;
/** Several messages that are due about now are one sweep's work. */
const SOONEST_RETRY_MS = 5_000;

/**
 * What follows the end of a run: a sweep after each scrape, and a sweep when a message that failed is due again. A sweep
 * that waits for a mail server holds up neither the scrape nor the schedule.
 */
export class FollowUps {
  readonly #engine: () => Pick<Engine, "start">;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #goingOn = new Set<Promise<void>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor({ engine, clock, log }: { engine: () => Pick<Engine, "start">; clock: Clock; log: Log }) {
    this.#engine = engine;
    this.#clock = clock;
    this.#log = log;
  }

  /** For the engine to call at the end of each run. */
  after({ job, id, fence, status, output }: Run): void {
    if (this.#isClosed || status === "running") return;
    if (job === SCRAPE) this.#sweep(`after:${id}:${fence}`);
    if (job === ALERT_SWEEP) this.#retryAt(nextAttempt(output));
  }

  /** Waits for the sweeps that go on. */
  async settled(): Promise<void> {
    while (this.#goingOn.size > 0) await Promise.all(this.#goingOn);
  }

  /** From now on nothing follows any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #retryAt(at: Temporal.Instant | null): void {
    if (at === null) return;
    const ms = Math.max(SOONEST_RETRY_MS, this.#clock.now().until(at).total("milliseconds"));
    if (ms >= LATEST_RETRY_MS) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#sweep(`retry:${at}`), ms);
  }

  #sweep(key: string): void {
    const sweep = this.#engine().start(ALERT_SWEEP, key, null).then(() => undefined, (error) => {
      if (!this.#isClosed) this.#log.error("alerts.sweep_failed", { key, error: messageOf(error) });
    });
    this.#goingOn.add(sweep);
    sweep.finally(() => this.#goingOn.delete(sweep));
  }
}

function nextAttempt(output: Json): Temporal.Instant | null {
  const at = isJsonObject(output) ? output["next_attempt_at"] : null;
  return typeof at === "string" ? Temporal.Instant.from(at) : null;
}
