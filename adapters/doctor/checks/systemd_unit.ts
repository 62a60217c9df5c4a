import { fail, type Finding, ok, skipped, warn } from "../../../domain/doctor.ts";
import type { Check } from "../check.ts";
import { systemdState, type UnitState } from "../systemd.ts";

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
