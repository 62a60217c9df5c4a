import { messageOf, TrackerError } from "../../domain/errors.ts";
import { isJsonObject, type Json } from "../../domain/json.ts";
import type { Run } from "../../domain/runs/run.ts";
import type { CliContext, Terminal } from "./context.ts";

/** The options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
}

/** Writes one JSON document to standard output. */
export function writeJson(terminal: Terminal, value: Json): void {
  terminal.write(`${JSON.stringify(value)}\n`);
}

/**
 * "Error: …" and "Try: …" on standard error, and the exit code that the error asks for. With `json` a last line says the
 * same to programs: `{"error", "hint"}`. Standard output is for answers alone.
 */
export function reportError(
  { terminal, exitWith }: Pick<CliContext, "terminal" | "exitWith">,
  error: unknown,
  { json = false }: { json?: boolean } = {},
): void {
  const hint = error instanceof TrackerError ? error.hint : null;
  terminal.writeError(`Error: ${messageOf(error)}\n`);
  if (hint !== null) terminal.writeError(`Try:   ${hint}\n`);
  if (json) terminal.writeError(`${JSON.stringify({ error: messageOf(error), hint })}\n`);
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

/** Lines of at most `width` characters, broken between words. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

const STEPS = 100;

/** Tells how far the work is: 0 to 1, and what is done now. */
type ReportProgress = (part: number, doing: string) => void;

/** Shows how far something long has come: a bar for a person, a line for each new thing otherwise. */
export async function withProgressBar<T>(
  terminal: Terminal,
  { doing, done }: { doing: string; done: (value: T) => string },
  work: (report: ReportProgress) => Promise<T>,
): Promise<T> {
  if (!terminal.isInteractive) {
    let last = "";
    return await work((_, now) => {
      if (now !== last) terminal.writeError(`${now}…\n`);
      last = now;
    });
  }
  // Loaded only here: a server shows no bar.
  const [{ progress }, { stderr }] = await Promise.all([import("@clack/prompts"), import("node:process")]);
  const bar = progress({ max: STEPS, style: "heavy", output: stderr, withGuide: false, onCancel: () => {} });
  let shown = 0;
  bar.start(doing);
  try {
    const value = await work((part, now) => {
      const steps = Math.min(STEPS, Math.floor(part * STEPS));
      if (steps <= shown) return;
      bar.advance(steps - shown, now);
      shown = steps;
    });
    bar.stop(done(value));
    return value;
  } catch (error) {
    bar.error(messageOf(error));
    throw error;
  }
}

/** What a run that a command waited for came to. @throws TrackerError with the run's own exit code where it did not succeed. */
export function outputOf(run: Run): Json {
  const { id, status, failure, output } = run;
  if (status === "succeeded") return output;
  if (failure !== null) {
    const exitCode = isJsonObject(failure.details) ? failure.details["exitCode"] : null;
    const hint = failure.hint ?? `See 'tracker runs show ${id}'.`;
    throw new TrackerError(failure.message, { hint, exitCode: typeof exitCode === "number" ? exitCode : 1 });
  }
  if (status === "cancelled") throw new TrackerError(`Run ${id} was cancelled`);
  throw new TrackerError(`Run ${id} was interrupted`, { hint: "The same command goes on with it." });
}
