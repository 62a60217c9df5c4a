import type { Config } from "../../domain/config.ts";
import type { Backups, Integrity } from "../../domain/operations/backup.ts";
import type { CheckResult, DoctorReport } from "../../domain/operations/doctor.ts";
import type { ServiceUnits } from "../../domain/operations/service_units.ts";
import type { Services } from "../services.ts";

/** One file of a bundle. */
export interface BundleEntry {
  readonly name: string;
  /** What it is, in a few words. */
  readonly about: string;
}

/** What can be forgotten. */
export type ForgetWhat = "profile" | "captures" | "all";

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
export interface OpenOptions {
  /** Log lines go to standard error too, from this level on; null for a command that tells its story itself. */
  readonly echo: "info" | "warn" | null;
}

/** Where the browser of a login is seen: in a window here, or on a page for another device. */
export type OnboardWay =
  | { readonly kind: "window" }
  | {
    readonly kind: "remote";
    /** Null takes any free port. */
    readonly port: number | null;
    /** Null takes that of BIND. */
    readonly bind: string | null;
    readonly headless: boolean;
  };

/** What the commands need from the outside. */
export interface CliContext {
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly interrupted: AbortSignal;
  /** Where alerts can be sent to, set up or not. */
  readonly channelNames: readonly string[];
  /** The checked configuration. @throws TrackerError (exit code 2) that lists every fault. */
  config(): Config;
  /** Opens database, log and engine, and closes them after `use`, whatever happens. */
  withServices<T>(options: OpenOptions, use: (services: Services) => Promise<T>): Promise<T>;
  /** Serves the dashboard and runs the schedule until interrupted. */
  serve(): Promise<void>;
  /** Opens a browser for the login; answers how it ended. */
  onboard(
    options: { say: (text: string) => void; way: OnboardWay },
  ): Promise<"logged_in" | "window_closed" | "time_out" | "idle">;
  /** Runs against a simulated site with months of history; answers once figures are there, or when interrupted. */
  demo(options: { once: boolean; say: (text: string) => void }): Promise<void>;
  /** The backups of DATA_DIR; neither the database nor the engine is opened for them. */
  backups(): Promise<Backups>;
  /** Reads the whole database file. @throws TrackerError where there is none. */
  checkIntegrity(): Promise<Integrity>;
  /** The units that run this program under systemd. */
  serviceUnits(): Promise<ServiceUnits>;
  /** The commit that this binary was made from; null where it is not known. */
  commit(): string | null;
  /** Looks at everything that must work, whatever is broken: neither a whole configuration nor a DATA_DIR is needed. */
  doctor(options: {
    online: boolean;
    mend: { say: (text: string) => void } | null;
    onResult: (result: CheckResult) => void;
  }): Promise<DoctorReport>;
  /** Writes what a bug report needs into a file; answers its path and what is in it. */
  bundle(options: { path: string; report: DoctorReport }): Promise<{ path: string; entries: BundleEntry[] }>;
  /** Removes what is kept; answers what was removed, as sentences. */
  forget(what: ForgetWhat): Promise<string[]>;
  /** Writes a file whole or not at all, for this user only. @throws TrackerError if the disk refuses. */
  replaceFile(path: string, content: string): Promise<void>;
  /** Asks the person; null where nobody can be asked. */
  confirm(question: string): Promise<boolean | null>;
  /** Sets the process's exit code. */
  exitWith(code: number): void;
}
