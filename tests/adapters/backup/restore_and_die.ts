import { prepareRestore } from "../../../adapters/backup/restore_backup.ts";
import { clock, quietly } from "./data_folder.ts";

// Restores a backup, and is killed for good right before its change number `dieAt` of the file system.
const [dataDir = "", file = "", dieAt = ""] = Deno.args;
let changes = 0;

function dying<Args extends unknown[], Result>(change: (...args: Args) => Result): (...args: Args) => Result {
  return (...args) => {
    if (++changes === Number(dieAt)) Deno.kill(Deno.pid, "SIGKILL");
    return change(...args);
  };
}

Deno.renameSync = dying(Deno.renameSync);
Deno.removeSync = dying(Deno.removeSync);
Deno.mkdirSync = dying(Deno.mkdirSync);
Deno.writeFileSync = dying(Deno.writeFileSync);
Deno.open = dying(Deno.open);
(await prepareRestore(file, { dataDir, clock, ...quietly })).commit();
