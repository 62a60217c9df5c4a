import type { Json } from "./json.ts";

/** Fields of a log event; secrets never get here. */
export type LogFields = { readonly [field: string]: Json | undefined };

/** The log. An event is a name such as "scrape.stored"; its wording is made in one place. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
