import { messageOf, TrackerError } from "../../domain/errors.ts";
import type { Json } from "../../domain/json.ts";
import type { CliContext, Terminal } from "./context.ts";

/** The options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
}

/** Writes one JSON document to standard output. */
export function writeJson(terminal: Terminal, value: Json): void {
  terminal.write(`${JSON.stringify(value)}\n`);
}

/** "Error: …" and "Try: …" on standard error, and the exit code that the error asks for. */
export function reportError({ terminal, exitWith }: Pick<CliContext, "terminal" | "exitWith">, error: unknown): void {
  terminal.writeError(`Error: ${messageOf(error)}\n`);
  const hint = error instanceof TrackerError ? error.hint : null;
  if (hint !== null) terminal.writeError(`Try:   ${hint}\n`);
  exitWith(error instanceof TrackerError ? error.exitCode : 1);
}

/** Shows that something long goes on: a spinner for a person, one line otherwise. Says how it ended. */
export async function withProgress<T>(
  terminal: Terminal,
  { doing, done }: { doing: string; done: (value: T) => string },
  work: () => Promise<T>,
): Promise<T> {
  if (!terminal.isInteractive) {
    terminal.writeError(`${doing}…\n`);
    return await work();
  }
  // Loaded only here: a server shows no spinner.
  const [{ spinner }, { stderr }] = await Promise.all([import("@clack/prompts"), import("node:process")]);
  const spin = spinner({ output: stderr, withGuide: false, onCancel: () => {} });
  spin.start(doing);
  try {
    const value = await work();
    spin.stop(done(value));
    return value;
  } catch (error) {
    spin.error(messageOf(error));
    throw error;
  }
}

/** A plain table: columns as wide as their widest cell, numbers to the right where `right` says so. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  { right = [] }: { right?: readonly number[] } = {},
): string {
  const widths = headings.map((heading, at) => Math.max(heading.length, ...rows.map((row) => (row[at] ?? "").length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => right.includes(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))
      .join("  ").trimEnd();
  return [line(headings), ...rows.map(line)].map((text) => `${text}\n`).join("");
}
