import type { Clock } from "../../domain/clock.ts";
import { LOG_LEVELS, type LogLevel } from "../../domain/config.ts";
import type { Log, LogFields } from "../../domain/log.ts";
import { redactSecrets } from "../../domain/redact.ts";
import { privateDir } from "../files/files.ts";
import { getRotatingFileSink } from "@logtape/file";
import type { LogRecord } from "@logtape/logtape";

const MAX_FILE_BYTES = 5 * 1024 * 1024;
const KEPT_FILES = 5;

/** A log that must be closed, so that its last lines reach the file. */
export interface FileLog extends Log, Disposable {
  close(): void;
}

/** Where and how much is logged. */
export interface LogOptions {
  /** DATA_DIR: the log is in its folder `logs`, rotated at 5 MiB, five files kept. */
  readonly dataDir: string;
  /** Another folder for it, such as the one that systemd gives a service. */
  readonly folder?: string;
  readonly level: LogLevel;
  readonly clock: Clock;
  /** Values that must never stand in a line. */
  readonly secrets: readonly string[];
  /** Also writes a line for people from this level on, such as to standard error. */
  readonly echo?: { readonly level: LogLevel; readonly write: (line: string) => void };
}

/** JSON lines in DATA_DIR/logs/tracker.log: `{"at","level","event",…fields}`. */
export function openLog({ dataDir, folder = `${dataDir}/logs`, level, clock, secrets, echo }: LogOptions): FileLog {
  privateDir(folder);
  const sink = getRotatingFileSink(`${folder}/tracker.log`, {
    maxSize: MAX_FILE_BYTES,
    maxFiles: KEPT_FILES,
    bufferSize: 0,
    formatter: ({ rawMessage }) => `${String(rawMessage)}\n`,
  });
  const write = (lineLevel: LogLevel, event: string, fields: LogFields = {}) => {
    const at = clock.now();
    if (reaches(lineLevel, level)) {
      const line = JSON.stringify({
        at: at.toString({ smallestUnit: "millisecond" }),
        level: lineLevel,
        event,
        ...fields,
      });
      sink(logRecord(lineLevel, { line: redactSecrets(line, secrets), at }));
    }
    if (echo !== undefined && reaches(lineLevel, echo.level) && reaches(lineLevel, level)) {
      echo.write(redactSecrets(formatLine(lineLevel, { event, fields, at }), secrets));
    }
  };
  const close = () => sink[Symbol.dispose]();
  return {
    debug: (event, fields) => write("debug", event, fields),
    info: (event, fields) => write("info", event, fields),
    warn: (event, fields) => write("warn", event, fields),
    error: (event, fields) => write("error", event, fields),
    close,
    [Symbol.dispose]: close,
  };
}

/** "19:00:03 info scrape.stored rows=5": the line that people see. */
function formatLine(
  level: LogLevel,
  { event, fields, at }: { event: string; fields: LogFields; at: Temporal.Instant },
): string {
  const time = at.toZonedDateTimeISO("UTC").toPlainTime().toString({ smallestUnit: "second" });
  const shown = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${typeof value === "string" ? quoted(value) : JSON.stringify(value)}`);
  return [time, level.padEnd(5), event, ...shown].join(" ");
}

function quoted(text: string): string {
  return /^[\w.:/@+-]+$/.test(text) ? text : JSON.stringify(text);
}

function reaches(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}

function logRecord(level: LogLevel, { line, at }: { line: string; at: Temporal.Instant }): LogRecord {
  return {
    category: ["tracker"],
    level: level === "warn" ? "warning" : level,
    message: [line],
    rawMessage: line,
    timestamp: at.epochMilliseconds,
    properties: {},
  };
}
