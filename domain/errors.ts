/**
 * An error meant for a person: what went wrong, and how to mend it.
 * The CLI prints both as "Error:" and "Try:", HTTP as problem JSON, logs as two fields.
 */
export class TrackerError extends Error {
  override readonly name: string = "TrackerError";
  /** What to do about it; null where nothing can be done by the reader. */
  readonly hint: string | null;
  /** Process exit code of a command that fails with this error. */
  readonly exitCode: number;

  constructor(message: string, options: { hint?: string | null; exitCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint ?? null;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** The text of anything that was thrown, for a log line or a stored error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
