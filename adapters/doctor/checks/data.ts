import { formatBytes } from "../../../domain/format.ts";
import { fail, ok, skipped, warn } from "../../../domain/operations/doctor.ts";
import { freeBytes, privateDir } from "../../files/files.ts";
import { MIGRATIONS } from "../../sqlite/migrate.ts";
import { databasePath } from "../../sqlite/open.ts";
import type { Check } from "../check.ts";
import { isWritable, modeText, openToOthers } from "../machine.ts";
import type { DatabaseSync } from "node:sqlite";

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
    const room = free === null ? "free space unknown" : `${formatBytes(free)} free`;
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

/** In a server a larger file is not read through: nothing else would be answered meanwhile. */
const MOST_BYTES_WHILE_SERVING = 200 * 1000 * 1000;
const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;

/** The database: whole, and of a version that this program knows. */
export const database: Check = {
  name: "database",
  title: "Database",
  limitMs: () => 120_000,
  run({ config: { dataDir }, database, isServing }) {
    const db = database();
    if (db === null) return skipped("there is none yet", "tracker scrape");
    const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version > NEWEST) {
      return fail(`version ${version}, this program knows ${NEWEST}`, {
        why: "A newer tracker has written it.",
        mend: "Run the newer tracker, or restore an older copy from DATA_DIR/backups",
      });
    }
    const { size } = Deno.statSync(databasePath(dataDir));
    const facts = `version ${version}, ${formatBytes(size)}`;
    if (isServing && size > MOST_BYTES_WHILE_SERVING) {
      return warn(facts, { why: "It is too large to be read through by the server.", mend: "tracker doctor" });
    }
    const faults = quickCheck(db);
    if (faults.length > 0) {
      return fail(`damaged: ${faults[0]}`, {
        why: "Some of what was stored cannot be read any more.",
        mend: "Stop 'tracker serve', then put the newest file of DATA_DIR/backups in its place",
      });
    }
    return ok(version < NEWEST ? `${facts}, whole; migrated at the next start` : `${facts}, whole`);
  },
};

/** What SQLite finds wrong; nothing where the file is whole. */
function quickCheck(db: DatabaseSync): string[] {
  const rows = db.prepare("PRAGMA quick_check(3)").all().map((row) => String(row["quick_check"]));
  return rows.filter((row) => row !== "ok");
}

/** Every fault of the environment, .env and config.yaml. The other checks go on with the defaults in their place. */
export const configuration: Check = {
  name: "configuration",
  title: "Configuration",
  run({ faults, set }) {
    if (faults.length === 0) return ok(`${set.size} ${set.size === 1 ? "variable" : "variables"} set, no faults`);
    return fail(faults.length === 1 ? "one fault" : `${faults.length} faults`, {
      why: `${faults.join("; ")}.`,
      mend: "Correct what is named in the environment, .env or config.yaml",
    });
  },
};
