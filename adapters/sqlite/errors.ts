import { DiskFull, isDiskFull } from "../../domain/disk_full.ts";
import { messageOf, TrackerError } from "../../domain/errors.ts";

/** What SQLite says, what it means to the reader, and what helps. node:sqlite in Deno gives no code, only the text. */
const FAULTS: readonly { says: RegExp; message: string; hint: string }[] = [
  {
    says: /database (table )?is locked/,
    message: "The database is busy: another process holds its write lock",
    hint: "Wait for the other tracker command to end, then try again.",
  },
  {
    says: /disk I\/O error/,
    message: "The database cannot be read or written: disk I/O error",
    hint: "Check the disk that holds DATA_DIR: its free space, its cable or mount, and the system's log.",
  },
  {
    says: /attempt to write a readonly database/,
    message: "The database cannot be written as it is read-only",
    hint: "Give the user that runs tracker the right to write to DATA_DIR and to the files in it.",
  },
  {
    says: /unable to open database file/,
    message: "The database file cannot be opened",
    hint: "Check that DATA_DIR is a folder that this user may read and write.",
  },
  {
    says: /file is not a database/,
    message: "The file is not a SQLite database",
    hint: "Restore a copy from DATA_DIR/backups, or move the file away to start afresh.",
  },
  {
    says: /database disk image is malformed/,
    message: "The database is damaged",
    hint: "Restore a copy from DATA_DIR/backups with `tracker restore`.",
  },
];

/** The same error in words for a person where it is one of SQLite's; any other error as it is. */
export function explainSqliteError(error: unknown): unknown {
  if (!isSqliteError(error)) return error;
  const text = messageOf(error);
  if (isDiskFull(error)) return new DiskFull("The database cannot grow as the disk is full", { cause: error });
  const fault = FAULTS.find(({ says }) => says.test(text));
  return fault === undefined ? error : new TrackerError(fault.message, { hint: fault.hint, cause: error });
}

function isSqliteError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}
