import { openDatabase } from "../../../adapters/sqlite/open.ts";
import { tempDir } from "../../temp_dir.ts";
import type { DatabaseSync } from "node:sqlite";

const clock = { now: () => Temporal.Instant.from("2026-11-21T19:00:00Z") };

/** A new database of the product's own schema in a folder that is removed with it. */
export function testDatabase(): { readonly db: DatabaseSync } & Disposable {
  const dir = tempDir();
  const db = openDatabase(dir.path, { clock });
  return {
    db,
    [Symbol.dispose]() {
      db.close();
      dir[Symbol.dispose]();
    },
  };
}
