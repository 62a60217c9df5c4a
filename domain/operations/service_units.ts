/** Whose service it is: the machine's, started at boot, or one person's, started at login. */
export type ServiceScope = "system" | "user";

/** Which service is meant. */
export interface ServiceOptions {
  readonly scope: ServiceScope;
  /** An hourly one-shot scrape in place of the server. */
  readonly isTimer: boolean;
}

/** A unit file. */
export interface UnitFile {
  readonly path: string;
  readonly text: string;
}

/** What was done, and what the person does next. */
export interface UnitChange {
  readonly paths: readonly string[];
  readonly nextCommands: readonly string[];
}

/** The units that run tracker under systemd. */
export interface ServiceUnits {
  /** The scope that fits who asks: a root user's is the system. */
  readonly defaultScope: ServiceScope;
  /** The files as `install` writes them. @throws TrackerError where the service could not start so. */
  units(options: ServiceOptions): readonly UnitFile[];
  /** Writes them. @throws TrackerError where one was edited by hand, unless `force`. */
  install(options: ServiceOptions & { force: boolean }): UnitChange;
  /** Removes them; data, settings and secrets stay. @throws TrackerError where one was edited by hand, unless `force`. */
  uninstall(options: ServiceOptions & { force: boolean }): UnitChange;
}
