import type { Log, LogFields } from "../../domain/ports.ts";

/** The log with some fields added to every event. */
export function withFields(log: Log, added: LogFields): Log {
  return {
    debug: (event, fields) => log.debug(event, { ...added, ...fields }),
    info: (event, fields) => log.info(event, { ...added, ...fields }),
    warn: (event, fields) => log.warn(event, { ...added, ...fields }),
    error: (event, fields) => log.error(event, { ...added, ...fields }),
  };
}
