import { fail, ok, warn } from "../../../domain/doctor.ts";
import { privateDir } from "../../data_dir.ts";
import { freeBytes } from "../../free_space.ts";
import type { Check } from "../check.ts";
import { bytesText, isWritable, modeText, openToOthers } from "../files.ts";

const MIB = 1024 * 1024;
const TOO_LITTLE_BYTES = 20 * MIB;
const LITTLE_BYTES = 300 * MIB;

/** DATA_DIR: there, this user's to write, closed to others, with room to grow. */
export const dataDir: Check = {
  name: "data_dir",
  title: "Data folder",
  run({ config: { dataDir } }) {
    const mode = openToOthers(dataDir);
    if (mode === null) {
      return warn(`${dataDir} is not there yet`, {
        why: "The first command that stores something makes it.",
        mend: "tracker doctor --fix",
      });
    }
    if (!isWritable(dataDir)) {
      const mend = `chown -R "$(id -un)" "${dataDir}"`;
      return fail(`${dataDir} cannot be written`, { why: "Nothing can be stored there by this user.", mend });
    }
    const free = freeBytes(dataDir);
    const room = free === null ? "free space unknown" : `${bytesText(free)} free`;
    if (free !== null && free < TOO_LITTLE_BYTES) {
      return fail(`${dataDir}, ${room}`, {
        why: "The disk is full: scrapes cannot be stored.",
        mend: `df -h "${dataDir}"`,
      });
    }
    if (mode.isOpen) {
      return warn(`${dataDir} has mode ${modeText(mode.mode)}`, {
        why: "Other users of this machine can read your usage.",
        mend: "tracker doctor --fix",
      });
    }
    if (free !== null && free < LITTLE_BYTES) {
      const why = "The disk is nearly full; a browser and a backup need room.";
      return warn(`${dataDir}, ${room}`, { why, mend: `df -h "${dataDir}"` });
    }
    return ok(`${dataDir}, closed to others, ${room}`);
  },
  mend({ config: { dataDir } }, { say }) {
    const before = openToOthers(dataDir);
    if (before !== null && !before.isOpen) return;
    privateDir(dataDir);
    if (before === null) say(`Made the data folder ${dataDir}, closed to other users.`);
    else if (openToOthers(dataDir)?.isOpen === false) say(`Closed ${dataDir} to other users (mode 700).`);
  },
};
