import type { Terminal } from "../ui/cli/context.ts";

const DEFAULT_COLUMNS = 80;
const CLEAR_LINE = "\r\x1b[K";

/** What a terminal is written to. */
interface TerminalOutput {
  writeSync(bytes: Uint8Array): number;
}

/** Where a terminal writes, and who watches it. */
interface TerminalParts {
  readonly out: TerminalOutput;
  readonly error: TerminalOutput;
  /** How wide the terminal is now, at which a person watches standard error; null where nobody does. */
  readonly columns: () => number | null;
}

/** This process's standard output and error. */
export function processTerminal(): Terminal {
  const isInteractive = Deno.stderr.isTerminal();
  const columns = () => isInteractive ? Deno.consoleSize().columns : null;
  return terminalOf({ out: Deno.stdout, error: Deno.stderr, columns });
}

/**
 * A terminal whose last line can tell what goes on: whatever is written comes above it. A line is replaced in one write,
 * so that it does not flicker.
 */
export function terminalOf({ out, error, columns }: TerminalParts): Terminal {
  const encoder = new TextEncoder();
  let status = "";
  const writeAbove = (target: TerminalOutput, text: string) => {
    if (status === "") return writeAll(target, encoder.encode(text));
    writeAll(error, encoder.encode(CLEAR_LINE));
    writeAll(target, encoder.encode(text));
    // In the middle of a line there is no room for it.
    if (text.endsWith("\n")) writeAll(error, encoder.encode(status));
    else status = "";
  };
  const showStatus = (text: string | null) => {
    const next = text ?? "";
    if (next === status) return;
    status = next;
    writeAll(error, encoder.encode(next === "" ? CLEAR_LINE : `\r${next}\x1b[K`));
  };
  const isInteractive = columns() !== null;
  return {
    write: (text) => writeAbove(out, text),
    writeError: (text) => writeAbove(error, text),
    isInteractive,
    get columns() {
      return columns() ?? DEFAULT_COLUMNS;
    },
    ...(isInteractive ? { showStatus } : {}),
  };
}

/** A reader that went away ("tracker runs list | head") ends the writing, not the command. */
function writeAll(target: TerminalOutput, bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length;) at += target.writeSync(bytes.subarray(at));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM"];

/** Aborted by the first Ctrl-C or SIGTERM; the second ends the process at once. */
export function onInterrupt(): { signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const handle = () => {
    if (controller.signal.aborted) Deno.exit(130);
    controller.abort(new DOMException("Interrupted", "AbortError"));
  };
  for (const name of SIGNALS) Deno.addSignalListener(name, handle);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of SIGNALS) Deno.removeSignalListener(name, handle);
    },
  };
}
