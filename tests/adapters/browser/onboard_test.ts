import { onboard, requireScreen } from "../../../adapters/browser/login.ts";
import { takeExclusiveLock } from "../../../adapters/files/exclusive_lock.ts";
import { startCursorSim } from "../../../fixtures/cursor_sim/server.ts";
import { BROWSER_PATH } from "../../browser.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

const clock = { now: () => Temporal.Instant.from("2026-11-21T20:00:00Z") };

/** Runs a login against the simulated site; `person` does what a person does in the window. */
async function logIn(
  person: (page: Page, sim: { email: string; password: string }) => Promise<unknown>,
  limitMs = 60_000,
) {
  using folder = tempDir();
  const sim = startCursorSim({ seed: 7, clock });
  const said: string[] = [];
  let acting: Promise<unknown> = Promise.resolve();
  try {
    const end = await onboard({
      usageUrl: new URL(sim.usageUrl),
      clock,
      launch: { profileDir: `${folder.path}/profile`, executablePath: BROWSER_PATH, headless: true },
      say: (text) => said.push(text),
      signal: new AbortController().signal,
      limitMs,
      onPage: (page) => acting = person(page, sim),
    });
    await acting;
    return { end, said };
  } finally {
    await sim.stop();
  }
}

Deno.test("onboard() ends by itself when the person has logged in, a wrong password first", async () => {
  const { end, said } = await logIn(async (page, { email, password }) => {
    for (const typed of ["wrong", password]) {
      await page.getByLabel("Email").fill(email);
      await page.getByLabel("Password").fill(typed);
      await page.getByRole("button").click();
    }
  });
  assert.equal(end, "logged_in");
  assert.deepEqual(said, ["Cursor asks for a login.", "The usage data can be read: 5 models."]);
});

Deno.test("onboard() ends when the window is closed", async () => {
  assert.equal((await logIn((page) => page.close())).end, "window_closed");
});

Deno.test("onboard() ends when the time is up", async () => {
  assert.equal((await logIn(() => Promise.resolve(), 3_000)).end, "time_out");
});

Deno.test("requireScreen() refuses a Linux without a display, and says what to do", () => {
  requireScreen({ DISPLAY: ":0" }, "linux");
  requireScreen({ WAYLAND_DISPLAY: "wayland-0" }, "linux");
  requireScreen({}, "darwin");
  assert.throws(() => requireScreen({ DISPLAY: "" }, "linux"), { message: /no screen/, exitCode: 2 });
});

Deno.test("onboard() waits for a profile that a scrape holds, and says so; one that stays in use is refused", async () => {
  using folder = tempDir();
  const sim = startCursorSim({ seed: 7, clock });
  const profileDir = `${folder.path}/profile`;
  Deno.mkdirSync(profileDir, { mode: 0o700 });
  const lock = takeExclusiveLock(`${profileDir}/.tracker.lock`, { what: "test" });
  const said: string[] = [];
  const open = (lockWaitMs: number, say: (text: string) => void) =>
    onboard({
      usageUrl: new URL(sim.usageUrl),
      clock,
      launch: { profileDir, executablePath: BROWSER_PATH, headless: true },
      say,
      signal: new AbortController().signal,
      limitMs: 100,
      lockWaitMs,
    });
  try {
    await assert.rejects(open(0, (text) => said.push(text)), { message: /in use by another tracker/, exitCode: 15 });
    assert.equal(said.length, 0);
    const end = await open(60_000, (text) => {
      said.push(text);
      lock.release();
    });
    assert.equal(end, "time_out");
    assert.match(said[0] ?? "", /in use by another tracker\. Waiting for it…$/);
  } finally {
    lock.release();
    await sim.stop();
  }
});

Deno.test("onboard() ends at once when it is interrupted, and when nobody is there any more", async () => {
  for (const kind of ["signal", "idle"] as const) {
    using folder = tempDir();
    const sim = startCursorSim({ seed: 7, clock });
    const ending = new AbortController();
    const never = new AbortController().signal;
    try {
      const end = onboard({
        usageUrl: new URL(sim.usageUrl),
        clock,
        launch: { profileDir: `${folder.path}/profile`, executablePath: BROWSER_PATH, headless: true },
        say() {},
        signal: kind === "signal" ? ending.signal : never,
        idle: kind === "idle" ? ending.signal : never,
        onPage: () => ending.abort(),
      });
      if (kind === "idle") assert.equal(await end, "idle");
      else await assert.rejects(end, { name: "AbortError" });
    } finally {
      await sim.stop();
    }
  }
});
