import { openProcessLiveness } from "../../../adapters/system/process_liveness.ts";
import { tempDir } from "../../temp_dir.ts";
import { startLockHolder } from "../files/lock_holder_process.ts";
import { deepStrictEqual, strictEqual } from "node:assert/strict";

const lockFiles = (dataDir: string) =>
  [...Deno.readDirSync(`${dataDir}/locks`)].map(({ name }) => name).filter((name) => name !== "serve.lock").sort();

Deno.test("a process knows itself as alive until it closes", () => {
  using dir = tempDir();
  const liveness = openProcessLiveness(dir.path);
  strictEqual(liveness.isAlive(liveness.self), true);
  strictEqual(liveness.isAlive(liveness.self), true);
  deepStrictEqual(lockFiles(dir.path), [`${liveness.self}.lock`]);
  liveness.close();
  strictEqual(liveness.isAlive(liveness.self), false);
  deepStrictEqual(lockFiles(dir.path), []);
});

Deno.test("two owners see one another, and one that closed is dead", () => {
  using dir = tempDir();
  using first = openProcessLiveness(dir.path);
  const second = openProcessLiveness(dir.path);
  deepStrictEqual([first.isAlive(second.self), second.isAlive(first.self)], [true, true]);
  second.close();
  deepStrictEqual([first.isAlive(second.self), first.isAlive(first.self)], [false, true]);
});

Deno.test("an owner that was never there is dead, whatever its name", () => {
  using dir = tempDir();
  using liveness = openProcessLiveness(dir.path);
  for (const owner of ["1-none", "", "../../etc/passwd", "a/b"]) strictEqual(liveness.isAlive(owner), false);
});

Deno.test("a process that was killed is dead at once, and its lock file is removed", async () => {
  using dir = tempDir();
  using liveness = openProcessLiveness(dir.path);
  await using holder = await startLockHolder(dir.path);
  strictEqual(liveness.isAlive(holder.owner), true);
  await holder.kill();
  strictEqual(liveness.isAlive(holder.owner), false);
  deepStrictEqual(lockFiles(dir.path), [`${liveness.self}.lock`]);
});

Deno.test("opening removes the lock files of dead processes, but not those of live ones", () => {
  using dir = tempDir();
  using live = openProcessLiveness(dir.path);
  const stale = `4711-${crypto.randomUUID()}.lock`;
  Deno.writeTextFileSync(`${dir.path}/locks/${stale}`, "");
  using second = openProcessLiveness(dir.path);
  deepStrictEqual(lockFiles(dir.path), [`${live.self}.lock`, `${second.self}.lock`].sort());
});
