import type { Log, LogFields } from "../domain/log.ts";

/** A log that remembers. */
export class FakeLog implements Log {
  readonly entries: { level: string; event: string; fields: LogFields }[] = [];

  debug = (event: string, fields: LogFields = {}) => this.#add("debug", event, fields);
  info = (event: string, fields: LogFields = {}) => this.#add("info", event, fields);
  warn = (event: string, fields: LogFields = {}) => this.#add("warn", event, fields);
  error = (event: string, fields: LogFields = {}) => this.#add("error", event, fields);

  /** All that was logged, as text. */
  text(): string {
    return JSON.stringify(this.entries);
  }

  events(): string[] {
    return this.entries.map(({ event }) => event);
  }

  #add(level: string, event: string, fields: LogFields): void {
    this.entries.push({ level, event, fields });
  }
}
