/** What a page says after a form was posted. The address names a text; it never carries one. */
const FLASHES = {
  "scrape-started": { tone: "good", text: "The scrape has started." },
  "run-retried": { tone: "good", text: "The run goes on from its first unfinished step." },
  "run-cancelling": { tone: "good", text: "The run is asked to stop." },
  "run-not-retryable": { tone: "bad", text: "Only a run that failed or was cancelled can be retried." },
  "run-not-running": { tone: "bad", text: "The run is not running any more." },
  "alert-acknowledged": { tone: "good", text: "The alert is acknowledged: no further message is sent about it." },
  "doctor-looking": { tone: "good", text: "The doctor is looking; the result shows up below." },
  "budget-set": { tone: "good", text: "The budget is set." },
  "budget-refused": {
    tone: "bad",
    text: "The budget was not set: it must be dollars from 0 to 1,000,000, such as 20 or 19.50.",
  },
} as const satisfies Readonly<Record<string, Flash>>;

/** A message above a page. */
interface Flash {
  readonly tone: "good" | "bad";
  readonly text: string;
}

export type FlashName = keyof typeof FLASHES;

/** The page's address, with what it shall say. */
export function withFlash(path: string, name: FlashName): string {
  return `${path}?said=${name}`;
}

/** What the address says; null for an unknown name. */
export function flashOf(name: string | undefined): Flash | null {
  return Object.entries(FLASHES).find(([known]) => known === name)?.[1] ?? null;
}
