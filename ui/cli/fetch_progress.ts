import type { FetchProgress, Progress } from "../../domain/billing/ports.ts";
import { progressText } from "../../domain/billing/progress_text.ts";
import { TimeLeft, timeLeftText } from "../../domain/billing/time_left.ts";
import type { Services } from "../services.ts";
import type { Terminal } from "./context.ts";

const BAR_COLUMNS = 24;

/** Shows how far a fetch has come while `work` goes on: a bar with the time left for a person, a line per page otherwise. */
export async function withFetchProgress<T>(
  terminal: Terminal,
  { clock, fetchProgress }: Pick<Services, "clock" | "fetchProgress">,
  work: () => Promise<T>,
): Promise<T> {
  const { showStatus } = terminal;
  if (showStatus === undefined) {
    using _lines = fetchProgress.follow({ fetching: (page) => terminal.writeError(`${progressText(page)}\n`) });
    return await work();
  }
  showStatus("Looking at the month files…");
  try {
    const show = (page: FetchProgress, left: string) =>
      showStatus(progressLine(page, { left, columns: terminal.columns }));
    using _bar = fetchProgress.follow(barFollower(show, new TimeLeft(clock)));
    return await work();
  } finally {
    showStatus(null);
  }
}

/** Moves forward only: a window that is read again does not take the bar back. */
export function barFollower(show: (page: FetchProgress, left: string) => void, timeLeft: TimeLeft): Progress {
  let share = 0;
  return {
    fetching(page) {
      share = Math.max(share, page.share);
      show({ ...page, share }, timeLeftText(timeLeft.at(page.share)));
    },
  };
}

/** "━━━━━━────── 50 % Fetching page 3/6 for January 2026… about 40 s left", less of it where the terminal is narrow. */
export function progressLine(page: FetchProgress, { left, columns }: { left: string; columns: number }): string {
  const percent = `${Math.floor(page.share * 100)} %`.padStart(4);
  const text = progressText(page);
  const full = Math.round(page.share * BAR_COLUMNS);
  const bar = "━".repeat(full) + "─".repeat(BAR_COLUMNS - full);
  const short = left.replace("about ", "~");
  const lines = [[bar, percent, text, left], [percent, text, left], [percent, text, short], [percent, short], [
    percent,
  ]];
  const written = lines.map((parts) => parts.filter((part) => part !== "").join(" "));
  return written.find((line) => line.length < columns) ?? percent;
}
