import type { Seen } from "./seen.ts";

/** Names and values of a series' labels. */
export type Labels = Readonly<Record<string, string>>;

/** A value under its labels; null, which is unknown, has no series. */
export type Sample = readonly [labels: Labels, value: number | null];

interface Declared {
  readonly name: string;
  /** What it tells, as the exposition declares it. */
  readonly help: string;
  readonly labels: readonly string[];
}

/** A figure that is told as it stands when it is asked for. */
export interface Figure extends Declared {
  readonly kind: "gauge" | "counter";
  /** One value, or one for each set of labels. Unknown is null, never 0. */
  readonly collect: (seen: Seen) => number | null | undefined | Iterable<Sample>;
}

/** Durations in seconds, each observed when it is over. */
export interface Durations extends Declared {
  readonly kind: "histogram";
  /** Upper bounds in seconds, rising. */
  readonly buckets: readonly number[];
}

export type Metric = Figure | Durations;

/** Micro-dollars as the dollars that metrics are in. */
export function dollars(micros: number | null | undefined): number | null {
  return micros === null || micros === undefined ? null : micros / 1_000_000;
}

/** A moment as the seconds that metrics are in. */
export function seconds(at: Temporal.Instant | null | undefined): number | null {
  return at === null || at === undefined ? null : at.epochMilliseconds / 1_000;
}

/** 1 for the state that holds, 0 for the others. */
export function states(label: string, { all, current }: { all: readonly string[]; current: string }): Sample[] {
  return all.map((state) => [{ [label]: state }, Number(state === current)]);
}
