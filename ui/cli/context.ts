import type { Config } from "../../domain/config.ts";
import type { Services } from "../services.ts";

/** Where a command writes. */
export interface Terminal {
  /** Standard output: the answer, and nothing else. */
  write(text: string): void;
  /** Standard error: progress, warnings, errors. */
  writeError(text: string): void;
  /** Whether a person watches standard error. */
  readonly isInteractive: boolean;
  readonly columns: number;
  /** A last line that says what goes on, below everything that is written; null takes it away. Only for a person. */
  readonly showStatus?: (text: string | null) => void;
}

/** How the services are opened. */
export interface ServiceOptions {
  /** Log lines go to standard error too, from this level on; null for a command that tells its story itself. */
  readonly echo: "info" | "warn" | null;
}

/** What the commands need from the outside. */
export interface CliContext {
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly interrupted: AbortSignal;
  /** The checked configuration. @throws TrackerError (exit code 2) that lists every fault. */
  config(): Config;
  /** Opens database, log and engine, and closes them after `use`, whatever happens. */
  withServices<T>(options: ServiceOptions, use: (services: Services) => Promise<T>): Promise<T>;
  /** Serves the dashboard and runs the schedule until interrupted. */
  serve(): Promise<void>;
  /** Opens a browser window for the login; answers how it ended. */
  onboard(options: { say: (text: string) => void }): Promise<"logged_in" | "window_closed" | "time_out">;
  /** Runs against a simulated site with months of history; answers once figures are there, or when interrupted. */
  demo(options: { once: boolean; say: (text: string) => void }): Promise<void>;
  /** Sets the process's exit code. */
  exitWith(code: number): void;
}
