import { fail, ok, skipped, warn } from "../../../domain/doctor.ts";
import type { Check } from "../check.ts";
import { systemdState } from "../systemd.ts";

const UNIT = "tracker.service";

/** The unit that keeps the server running after a reboot, where systemd runs this machine. */
export const systemdUnit: Check = {
  name: "systemd_unit",
  title: "systemd unit",
  async run({ signal }) {
    const state = await systemdState(UNIT, { signal });
    if (state === null) return skipped("systemd does not run this machine");
    if (!state.isInstalled) return skipped(`${UNIT} is not installed`);
    const scope = state.isOfUser ? " --user" : "";
    const found = `${UNIT} is ${state.text}${state.isEnabled ? "" : ", not enabled"}`;
    if (!state.isActive) {
      const mend = `systemctl${scope} restart ${UNIT}`;
      return fail(found, { why: `'journalctl${scope} -u ${UNIT}' tells why.`, mend });
    }
    if (!state.isEnabled) {
      const mend = `systemctl${scope} enable ${UNIT}`;
      return warn(found, { why: "It will not start after a reboot.", mend });
    }
    return ok(found);
  },
};
