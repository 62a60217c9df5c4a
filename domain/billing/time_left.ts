import type { Clock } from "../ports.ts";

/** Estimates how long something goes on, from how far it has come since it began to be watched. */
export class TimeLeft {
  readonly #clock: Clock;
  #first: { readonly atMs: number; readonly share: number } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `share` is how much is done, 0 to 1. Milliseconds; null before there is anything to judge by. */
  at(share: number): number | null {
    const atMs = this.#clock.now().epochMilliseconds;
    this.#first ??= { atMs, share };
    const done = share - this.#first.share;
    const elapsedMs = atMs - this.#first.atMs;
    return done <= 0 || elapsedMs <= 0 ? null : Math.round(elapsedMs * (1 - share) / done);
  }
}

/** "about 2 h left", "about 3 min left", "about 40 s left"; empty where it is unknown. */
export function timeLeftText(ms: number | null): string {
  if (ms === null) return "";
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `about ${seconds} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
}
