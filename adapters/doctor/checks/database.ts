import type { DatabaseSync } from "node:sqlite";
import { fail, ok, skipped, warn } from "../../../domain/doctor.ts";
import { MIGRATIONS } from "../../sqlite/migrations.ts";
import { databasePath } from "../../sqlite/open.ts";
import type { Check } from "../check.ts";
import { bytesText } from "../files.ts";

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
    const facts = `version ${version}, ${bytesText(size)}`;
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
