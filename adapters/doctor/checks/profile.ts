import { ok, warn } from "../../../domain/doctor.ts";
import { browserPid } from "../../cursor_web/profile_holder.ts";
import { privateDir } from "../../data_dir.ts";
import { lockHolder } from "../../exclusive_lock.ts";
import type { Check } from "../check.ts";
import { modeText, openToOthers } from "../files.ts";

/** USER_DATA_DIR: there, closed to others, and not held by somebody. */
export const profile: Check = {
  name: "profile",
  title: "Browser profile",
  run({ config: { profileDir } }) {
    const mode = openToOthers(profileDir);
    if (mode === null) {
      return warn(`${profileDir} is not there yet`, {
        why: "Nobody has logged in on this machine.",
        mend: "tracker onboard",
      });
    }
    if (mode.isOpen) {
      return warn(`${profileDir} has mode ${modeText(mode.mode)}`, {
        why: "Other users of this machine can take your Cursor session from it.",
        mend: "tracker doctor --fix",
      });
    }
    const tracker = lockHolder(`${profileDir}/.tracker.lock`);
    // A capture holds it for a minute: that is no fault.
    if (tracker !== null) {
      return ok(`${profileDir}, in use by tracker${tracker.pid === null ? "" : ` (process ${tracker.pid})`}`);
    }
    const pid = browserPid(profileDir);
    if (pid !== null) {
      return warn(`${profileDir} is in use by a browser window (process ${pid})`, {
        why: "Scrapes cannot use it meanwhile.",
        mend: `kill ${pid}`,
      });
    }
    return ok(`${profileDir}, closed to others, free`);
  },
  mend({ config: { profileDir } }, { say }) {
    if (openToOthers(profileDir)?.isOpen !== true) return;
    privateDir(profileDir);
    if (openToOthers(profileDir)?.isOpen === false) say(`Closed ${profileDir} to other users (mode 700).`);
  },
};
