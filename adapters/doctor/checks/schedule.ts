import { ok, skipped, warn } from "../../../domain/doctor.ts";
import { lockHolder } from "../../exclusive_lock.ts";
import { ageText } from "../age_text.ts";
import type { Check } from "../check.ts";
import { historyOf } from "../history_of_scrapes.ts";
import { systemdState } from "../systemd.ts";

const TIMER = "tracker-scrape.timer";
/** A tick an hour, a scrape that takes its time, and some slack. */
const MISSED_MINUTES = 70;

/** Whether something scrapes every hour: a server that runs, or systemd's timer. */
export const schedule: Check = {
  name: "schedule",
  title: "Schedule",
  async run({ config: { dataDir }, database, clock, signal }) {
    const server = lockHolder(`${dataDir}/serve.lock`);
    const history = historyOf(database());
    if (server === null) {
      const timer = await systemdState(TIMER, { signal });
      if (timer?.isActive) return ok(`systemd's ${TIMER} starts the scrapes`);
      if (history === null) return skipped("nothing runs yet", "tracker serve");
      const why = "No server runs and no timer is active: figures come only from 'tracker scrape' by hand.";
      return warn("nothing scrapes by itself", { why, mend: "tracker serve" });
    }
    const name = `server (process ${server.pid ?? "unknown"})`;
    const tick = history?.lastTick ?? null;
    if (tick === null) return ok(`${name} runs; its first scrape comes at the full hour`);
    const now = clock.now();
    const found = `${name} runs; last tick ${ageText(tick.createdAt, now)}`;
    if (tick.createdAt.until(now).total("minutes") <= MISSED_MINUTES) return ok(found);
    return warn(found, {
      why: "A tick comes every hour: at least one was missed.",
      mend: `kill ${server.pid ?? "PID"} && tracker serve`,
    });
  },
};
