import { launchBrowser } from "../../../adapters/browser/launch.ts";
import { tryExclusiveLock } from "../../../adapters/files/exclusive_lock.ts";
import { CaptureFailed } from "../../../domain/capture/outcome.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";

const IS_WINDOWS = Deno.build.os === "windows";

/** Why no browser was opened with the profile; the browser itself is not there. */
async function refusal(profileDir: string): Promise<CaptureFailed> {
  const launched = launchBrowser({ executablePath: `${profileDir}/no-such-browser`, profileDir, headless: true });
  const error = await launched.then(() => null, (error: unknown) => error);
  assert.ok(error instanceof CaptureFailed, String(error));
  return error;
}

/** The id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), { args: ["--version"], stdout: "null" }).spawn();
  await child.status;
  return child.pid;
}

/** A process with this word in its command line, until the end of the block. */
async function sleeper(word: string): Promise<{ pid: number } & AsyncDisposable> {
  const child = new Deno.Command("sh", {
    args: ["-c", "echo up; read line", word],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  return {
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await reader.cancel();
      await child.status;
    },
  };
}

Deno.test("a profile that another tracker uses is locked, and free again after it", async () => {
  using dir = tempDir();
  const lock = tryExclusiveLock(`${dir.path}/.tracker.lock`);
  const { outcome, message, exitCode } = await refusal(dir.path);
  assert.deepEqual([outcome, exitCode], ["locked", 15]);
  assert.match(message, /is in use by another tracker\.$/);
  lock?.release();
  assert.equal((await refusal(dir.path)).outcome, "no_browser");
});

Deno.test({
  name: "a profile that a browser window uses is locked and names its process",
  ignore: IS_WINDOWS,
  async fn() {
    using dir = tempDir();
    // Any process will do that says it has the profile.
    await using browser = await sleeper(`--user-data-dir=${dir.path}`);
    Deno.symlinkSync(`${Deno.hostname()}-${browser.pid}`, `${dir.path}/SingletonLock`);
    const { outcome, message } = await refusal(dir.path);
    assert.equal(outcome, "locked");
    assert.match(message, new RegExp(`is in use by a browser window \\(process ${browser.pid}\\)\\.$`));
  },
});

Deno.test({
  name: "the lock that a dead browser or another machine left behind counts for nothing",
  ignore: IS_WINDOWS,
  async fn() {
    for (const holder of [`${Deno.hostname()}-${await deadPid()}`, `elsewhere-${Deno.pid}`]) {
      using dir = tempDir();
      Deno.symlinkSync(holder, `${dir.path}/SingletonLock`);
      assert.equal((await refusal(dir.path)).outcome, "no_browser", holder);
    }
  },
});

Deno.test({
  name: "a lock whose process id now belongs to another program counts for nothing",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using dir = tempDir();
    await using other = await sleeper("--verbose");
    Deno.symlinkSync(`${Deno.hostname()}-${other.pid}`, `${dir.path}/SingletonLock`);
    assert.equal((await refusal(dir.path)).outcome, "no_browser");
  },
});

Deno.test({
  name: "what a browser of another machine left behind is removed, as Chromium would refuse the profile for it",
  ignore: IS_WINDOWS,
  async fn() {
    using dir = tempDir();
    for (const mark of ["SingletonLock", "SingletonSocket", "SingletonCookie"]) {
      Deno.symlinkSync("elsewhere-7", `${dir.path}/${mark}`);
    }
    await refusal(dir.path);
    const left = Array.from(Deno.readDirSync(dir.path), ({ name }) => name);
    assert.deepEqual(left.filter((name) => name.startsWith("Singleton")), []);
  },
});

Deno.test("a browser that does not start is no browser, and lets go of the profile", async () => {
  using dir = tempDir();
  const { outcome, exitCode, hint } = await refusal(dir.path);
  assert.deepEqual([outcome, exitCode], ["no_browser", 14]);
  assert.match(hint ?? "", /no-such-browser --version/);
  const lock = tryExclusiveLock(`${dir.path}/.tracker.lock`);
  assert.notEqual(lock, null);
  lock?.release();
});

Deno.test({
  name: "the profile's folder is closed to other users",
  ignore: IS_WINDOWS,
  async fn() {
    using dir = tempDir();
    Deno.chmodSync(dir.path, 0o755);
    await refusal(dir.path);
    assert.equal((Deno.statSync(dir.path).mode ?? 0) & 0o777, 0o700);
  },
});
