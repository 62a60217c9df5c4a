import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { onboard } from "../../../adapters/cursor_web/onboard.ts";
import { requireScreen } from "../../../adapters/cursor_web/screen.ts";
import { startCursorSim } from "../../../fixtures/cursor_sim/mod.ts";
import { tempDir } from "../../temp_dir.ts";

const executablePath = Deno.env.get("BROWSER_PATH") ?? "/usr/bin/chromium";
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
      launch: { profileDir: `${folder.path}/profile`, executablePath, headless: true },
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
