import { formatAge } from "../../../domain/format.ts";
import { fail, type Finding, ok, skipped, warn } from "../../../domain/operations/doctor.ts";
import { lockHolder } from "../../files/exclusive_lock.ts";
import { type Check, scrapeHistory } from "../check.ts";
import { systemdState, type UnitState } from "../machine.ts";

const TIMER = "tracker-scrape.timer";
/** A tick an hour, a scrape that takes its time, and some slack. */
const MISSED_MINUTES = 70;

/** Whether something scrapes every hour: a server that runs, or systemd's timer. */
export const schedule: Check = {
  name: "schedule",
  title: "Schedule",
  async run({ config: { dataDir }, database, clock, signal }) {
    const server = lockHolder(`${dataDir}/serve.lock`);
    const history = scrapeHistory(database());
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
    const found = `${name} runs; last tick ${formatAge(tick.createdAt, now)}`;
    if (tick.createdAt.until(now).total("minutes") <= MISSED_MINUTES) return ok(found);
    return warn(found, {
      why: "A tick comes every hour: at least one was missed.",
      mend: `kill ${server.pid ?? "PID"} && tracker serve`,
    });
  },
};

/** The server, or the timer that scrapes without one. */
const UNITS = ["tracker.service", "tracker-scrape.timer"] as const;

/** The unit that keeps the server running after a reboot, where systemd runs this machine. */
export const systemdUnit: Check = {
  name: "systemd_unit",
  title: "systemd unit",
  async run({ signal }) {
    const states = await Promise.all(
      UNITS.map(async (unit) => ({ unit, state: await systemdState(unit, { signal }) })),
    );
    if (states.every(({ state }) => state === null)) return skipped("systemd does not run this machine");
    const installed = states.find(({ state }) => state?.isInstalled);
    if (installed === undefined) return skipped("no unit of tracker is installed");
    return judged(installed.unit, installed.state);
  },
};

function judged(unit: string, state: UnitState | null): Finding {
  if (state === null) return skipped("systemd does not run this machine");
  const scope = state.isOfUser ? " --user" : "";
  const found = `${unit} is ${state.text}${state.isEnabled ? "" : ", not enabled"}`;
  if (!state.isActive) {
    const mend = `systemctl${scope} restart ${unit}`;
    return fail(found, { why: `'journalctl${scope} -u ${unit}' tells why.`, mend });
  }
  if (!state.isEnabled) {
    const mend = `systemctl${scope} enable ${unit}`;
    return warn(found, { why: "It will not start after a reboot.", mend });
  }
  return ok(found);
}
