import { fail, ok, skipped, warn } from "../../../domain/doctor.ts";
import { OUTCOME_MEANING } from "../../../domain/outcome.ts";
import type { Check } from "../check.ts";
import { ageText } from "../age_text.ts";
import { historyOf } from "../history_of_scrapes.ts";

const OLD_MINUTES = 130;

/** What the last scrape came to, and how old the figures are. */
export const lastScrape: Check = {
  name: "last_scrape",
  title: "Last scrape",
  run({ database, clock }) {
    const history = historyOf(database());
    if (history === null || history.last === null) return skipped("there was none yet", "tracker scrape");
    const { last, snapshot } = history;
    const now = clock.now();
    const figures = snapshot === null ? "no figures yet" : `figures checked ${ageText(snapshot.lastCheckedAt, now)}`;
    if (last.failure !== null) {
      const { headline, mend } = last.outcome === null
        ? { headline: "it failed", mend: `tracker runs show ${last.runId}` }
        : OUTCOME_MEANING[last.outcome];
      const found = `${headline ?? "it failed"}, ${ageText(last.at, now)}; ${figures}`;
      return fail(found, { why: last.failure, mend });
    }
    const age = snapshot === null ? Infinity : snapshot.lastCheckedAt.until(now).total("minutes");
    if (age <= OLD_MINUTES) return ok(figures);
    return warn(figures, { why: "Scrapes are due every hour.", mend: "tracker scrape" });
  },
};
