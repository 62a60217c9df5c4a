import type { Clock } from "../domain/ports.ts";

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Temporal.Now.instant() };
