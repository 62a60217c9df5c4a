import { takeExclusiveLock, tryExclusiveLock } from "../../../adapters/files/exclusive_lock.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { tempDir } from "../../temp_dir.ts";
import { startLockHolder } from "./lock_holder_process.ts";
import { strictEqual, throws } from "node:assert/strict";

Deno.test("a lock is held by one taker, and free again after its release", () => {
  using dir = tempDir();
  const path = `${dir.path}/serve.lock`;
  const lock = tryExclusiveLock(path);
  strictEqual(tryExclusiveLock(path), null);
  lock?.release();
  lock?.release();
  const again = takeExclusiveLock(path, { what: "serve this data folder" });
  again.release();
});

Deno.test("takeExclusiveLock() names the process that holds the lock, and the exit code is 15", async () => {
  using dir = tempDir();
  await using holder = await startLockHolder(dir.path);
  throws(() => takeExclusiveLock(`${dir.path}/locks/serve.lock`, { what: "serve this data folder" }), (error) => {
    strictEqual(error instanceof TrackerError && error.exitCode, 15);
    strictEqual(String(error), `TrackerError: Cannot serve this data folder as process ${holder.pid} already does`);
    return true;
  });
});

Deno.test("the lock of a process that was killed can be taken", async () => {
  using dir = tempDir();
  await using holder = await startLockHolder(dir.path);
  await holder.kill();
  takeExclusiveLock(`${dir.path}/locks/serve.lock`, { what: "serve this data folder" }).release();
});

Deno.test("a lock in a folder that is not there is refused with the path", () => {
  using dir = tempDir();
  throws(() => tryExclusiveLock(`${dir.path}/none/x.lock`), /Cannot open the lock file ".*none\/x\.lock"/);
});
