import { progress } from "@clack/prompts";
import type { FetchProgress, Progress } from "../../domain/billing/ports.ts";
import { progressText } from "../../domain/billing/progress_text.ts";
import { TimeLeft, timeLeftText } from "../../domain/billing/time_left.ts";
import { messageOf } from "../../domain/errors.ts";
import type { Services } from "../services.ts";
import type { Terminal } from "./context.ts";

/** The bar is as long as this many of its own steps. */
const BAR_STEPS = 1_000;
const BAR_COLUMNS = 24;

/** Shows how far a fetch has come while `work` goes on: a bar with the time left for a person, a line per page otherwise. */
export async function withFetchProgress<T>(
  terminal: Terminal,
  { clock, fetchProgress }: Pick<Services, "clock" | "fetchProgress">,
  work: () => Promise<T>,
): Promise<T> {
  if (!terminal.isInteractive) {
    using _lines = fetchProgress.follow({ fetching: (page) => terminal.writeError(`${progressText(page)}\n`) });
    return await work();
  }
  const { stderr } = await import("node:process");
  const bar = progress({ output: stderr, max: BAR_STEPS, size: BAR_COLUMNS, withGuide: false, onCancel: () => {} });
  bar.start("Looking at the month files");
  try {
    using _bar = fetchProgress.follow(barFollower(bar, new TimeLeft(clock)));
    const value = await work();
    bar.stop("Fetched");
    return value;
  } catch (error) {
    bar.error(messageOf(error));
    throw error;
  }
}

/** Moves the bar forward only: a window that is read again does not take it back. */
export function barFollower(bar: { advance(steps: number, text: string): void }, timeLeft: TimeLeft): Progress {
  let shown = 0;
  return {
    fetching(page: FetchProgress) {
      const left = timeLeftText(timeLeft.at(page.share));
      const steps = Math.max(0, Math.floor(page.share * BAR_STEPS) - shown);
      shown += steps;
      bar.advance(steps, left === "" ? progressText(page) : `${progressText(page)} ${left}`);
    },
  };
}
