/** A measured value and what it should at most be. */
export interface BenchResult {
  readonly name: string;
  /** Null where it could not be measured here; `note` says why. */
  readonly value: number | null;
  /** Null where nothing was measured. */
  readonly goal: number | null;
  /** Such as "ms", "MiB" or "× a bare transaction". */
  readonly unit: string;
  /** What was compared with what. */
  readonly note: string;
  readonly details: Readonly<Record<string, number>>;
}

/** What the benchmarks share. */
export interface BenchContext {
  /** A folder that is removed afterwards. */
  readonly dir: string;
  /** The compiled program; null where `deno compile` found no base binary. */
  readonly binary: string | null;
  readonly browserPath: string;
}

/** One benchmark; it throws where it cannot measure at all. */
export type Benchmark = (context: BenchContext) => Promise<BenchResult>;
