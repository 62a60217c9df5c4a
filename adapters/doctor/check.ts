import type { DatabaseSync } from "node:sqlite";
import type { Capture } from "../../domain/capture.ts";
import type { Config } from "../../domain/config.ts";
import type { Finding } from "../../domain/doctor.ts";
import type { Clock } from "../../domain/ports.ts";
import type { SiteAnswer } from "./site_answer.ts";

/** What the checks look at. */
export interface Patient {
  /** What is faulty has its default here. */
  readonly config: Config;
  readonly faults: readonly string[];
  /** Names of the variables that are set somewhere. */
  readonly set: ReadonlySet<string>;
  /** PATH as the environment has it. */
  readonly path: string;
  readonly clock: Clock;
  /** Opens the usage page and stores nothing; null where the login is only to be judged by the last scrape. */
  readonly look: ((options: { signal: AbortSignal }) => Promise<Capture>) | null;
  /** Whether others wait meanwhile, as a server's clients do: then nothing may take long without a pause. */
  readonly isServing: boolean;
}

/** What a check gets. */
export interface CheckContext extends Patient {
  /** Aborted when the check's time is up, or all is interrupted. */
  readonly signal: AbortSignal;
  /** The database, for reading; null where there is none. @throws where it cannot be opened. */
  database(): DatabaseSync | null;
  /** What the usage page's host answers to a plain request; asked once for all checks. */
  siteAnswer(): Promise<SiteAnswer>;
}

/** One thing that must be well. What it throws is a failure too. */
export interface Check {
  /** Stable, for programs. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** After this long it has failed. Default 10,000. */
  readonly limitMs?: (patient: Patient) => number;
  run(context: CheckContext): Finding | Promise<Finding>;
  /** Mends what can be mended without a person; says each thing that it did. */
  mend?(patient: Patient, options: { say: (text: string) => void }): void | Promise<void>;
}
