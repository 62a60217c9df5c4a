import { messageOf } from "../../domain/errors.ts";
import type { Terminal } from "./context.ts";

const STEPS = 100;

/** Tells how far the work is: 0 to 1, and what is done now. */
export type ReportProgress = (part: number, doing: string) => void;

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
