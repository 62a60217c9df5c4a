import { loadChromium } from "../../adapters/browser/playwright.ts";
import { startVirtualDisplay } from "../../adapters/browser/remote/display.ts";
import { type CursorSim, startCursorSim } from "../../fixtures/cursor_sim/server.ts";
import { BROWSER_PATH, browserOfFile, closePages } from "../browser.ts";
import { withTempDir } from "../temp_dir.ts";
import { countIn, processesOf, TestClock, type Tracker, until, withTracker } from "./harness.ts";
import { formPlaces, openViewer, start, XVFB } from "./onboard_harness.ts";
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const NO_XVFB = "the window's tests need Xvfb (apt-get install xvfb)";

const personsBrowser = browserOfFile();

/** Runs `use` with the browser of the person in front of another device, and closes its pages. */
async function withPerson(use: (browser: Browser) => Promise<void>): Promise<void> {
  try {
    await use(personsBrowser());
  } finally {
    await closePages(personsBrowser());
  }
}

async function withSim(
  use: (parts: { tracker: Tracker; sim: CursorSim }) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  const sim = startCursorSim({ seed: 7, clock: new TestClock() });
  try {
    await withTracker({ CURSOR_USAGE_URL: sim.usageUrl, ...env }, (tracker) => use({ tracker, sim }));
  } finally {
    await sim.stop();
  }
}

function assertStored({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }): void {
  assert.equal(code, 0, stderr);
  const result = JSON.parse(stdout);
  assert.equal(result.outcome, "stored");
  assert.equal(result.rows_count, 5);
  assert.match(stderr, /Cursor asks for a login\.\nThe usage data can be read: 5 models\.\nLogged in\./);
  assert.match(stderr, /5 models read, \$\d+\.\d\d spent in this cycle\.\nNext: 'tracker serve'/);
}

Deno.test("onboard --remote: a person on another device clicks and types, and a snapshot is stored", async () => {
  await withSim(async ({ tracker, sim }) => {
    const onboard = start(tracker, "onboard", "--remote", "--headless", "--json");
    await withPerson(async (browser) => {
      const viewer = await openViewer(browser, await onboard.link(), DESKTOP);
      assert.equal(new URL(viewer.url()).hash, "", "the token has left the address");
      assert.equal(await viewer.locator("#site").textContent(), sim.origin);
      const at = await formPlaces(viewer, sim);
      await viewer.mouse.click(at.email.x, at.email.y);
      // What was typed is selected by a shortcut and typed over.
      await viewer.keyboard.type("somebody");
      await viewer.keyboard.press("Control+a");
      await viewer.keyboard.type(sim.email);
      await viewer.keyboard.press("Tab");
      await viewer.keyboard.type("wrong");
      await viewer.keyboard.press("Enter");
      await until(() => sim.requests.some(({ method, path }) => method === "POST" && path === "/login"));
      await viewer.locator("#path").filter({ hasText: "/login" }).waitFor();
      await viewer.getByRole("button", { name: "Start over" }).click();
      await viewer.mouse.click(at.email.x, at.email.y);
      await viewer.keyboard.insertText(sim.email);
      await viewer.mouse.click(at.password.x, at.password.y);
      await viewer.getByRole("button", { name: "Paste…" }).click();
      await viewer.getByRole("textbox", { name: "Paste into the page" }).fill(sim.password);
      await viewer.getByRole("button", { name: "Send" }).click();
      await viewer.mouse.click(at.button.x, at.button.y);
      await viewer.getByRole("heading", { name: "You are logged in" }).waitFor();
    });
    const ended = await onboard.ended();
    assertStored(ended);
    assert.equal(countIn(tracker, "snapshots"), 1);
    const log = await Deno.readTextFile(`${tracker.dataDir}/logs/tracker.log`);
    for (const text of [ended.stderr, ended.stdout, log]) {
      for (const typed of [sim.password, sim.email, "somebody"]) assert.ok(!text.includes(typed));
    }
    assert.deepEqual(processesOf(tracker.profileDir), []);

    const second = await tracker.run("onboard", "--remote", "--headless", "--json");
    assert.equal(second.code, 0, second.stderr);
    assert.equal(JSON.parse(second.stdout).outcome, "unchanged");
    assert.equal(countIn(tracker, "snapshots"), 1);
  });
});

Deno.test({
  name: "onboard --remote on a virtual display: a person with a phone taps and types" + (XVFB ? "" : `: ${NO_XVFB}`),
  ignore: XVFB === null,
  async fn() {
    await withSim(async ({ tracker, sim }) => {
      const onboard = start(tracker, "onboard", "--remote", "--json");
      await withPerson(async (browser) => {
        const viewer = await openViewer(browser, await onboard.link(), PHONE);
        const at = await formPlaces(viewer, sim);
        await viewer.touchscreen.tap(at.email.x, at.email.y);
        await viewer.keyboard.insertText(sim.email);
        await viewer.touchscreen.tap(at.password.x, at.password.y);
        await viewer.keyboard.type(sim.password);
        await viewer.touchscreen.tap(at.button.x, at.button.y);
        await viewer.getByRole("heading", { name: "You are logged in" }).waitFor();
      });
      assertStored(await onboard.ended());
      assert.equal(countIn(tracker, "snapshots"), 1);
    });
  },
});

Deno.test({
  name: "onboard: a person logs in in a window, and a snapshot is stored" + (XVFB ? "" : `: ${NO_XVFB}`),
  ignore: XVFB === null,
  async fn() {
    await withTempDir(async (folder) => {
      const display = await startVirtualDisplay(XVFB ?? "", { folder });
      try {
        // The person's hands: the same browser, with a port through which the test types.
        const browser = `${folder}/browser`;
        await Deno.writeTextFile(browser, `#!/bin/sh\nexec "${BROWSER_PATH}" --remote-debugging-port=0 "$@"\n`);
        await Deno.chmod(browser, 0o755);
        await withSim(async ({ tracker, sim }) => {
          const onboard = start(tracker, "onboard", "--json");
          await onboard.stderr.waitFor(/Cursor asks for a login/);
          const [port] = (await Deno.readTextFile(`${tracker.profileDir}/DevToolsActivePort`)).split("\n");
          const hands = await (await loadChromium()).connectOverCDP(`http://127.0.0.1:${port}`);
          const page = hands.contexts()[0]?.pages()[0];
          await page?.getByLabel("Email").fill(sim.email);
          await page?.getByLabel("Password").fill(sim.password);
          await page?.getByRole("button").click();
          assertStored(await onboard.ended());
          assert.equal(countIn(tracker, "snapshots"), 1);
        }, { ...display.env, BROWSER_PATH: browser });
      } finally {
        await display.stop();
      }
    });
  },
});

Deno.test("onboard without a screen says so and offers --remote", async () => {
  await withTracker({}, async (tracker) => {
    const { code, stderr } = await tracker.run("onboard");
    assert.equal(code, 2);
    assert.match(stderr, /no screen/);
    assert.match(stderr, /Try: .*'tracker onboard --remote'/);
  });
});

Deno.test("onboard --remote is refused where its address is not private, before a browser is started", async () => {
  await withTracker({ BIND: "203.0.113.7:8787" }, async (tracker) => {
    for (const args of [[], ["--bind", "8.8.8.8"]]) {
      const { code, stderr } = await tracker.run("onboard", "--remote", ...args);
      assert.equal(code, 2);
      assert.match(stderr, /Error: Cannot show a login there as the address must be private or loopback/);
      assert.match(stderr, /Try: .*--bind 127\.0\.0\.1/);
    }
    for (const args of [["--port", "1"], ["--remote", "--port", "0"], ["--remote", "--bind", "tracker.example"]]) {
      assert.equal((await tracker.run("onboard", ...args)).code, 2, args.join(" "));
    }
    assert.deepEqual([...Deno.readDirSync(tracker.dir)], []);
  });
});

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  Deno.test({
    name: `onboard --remote: after a ${signal} no browser is left, and the page says that it is over`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await withSim(async ({ tracker }) => {
        const onboard = start(tracker, "onboard", "--remote");
        await withPerson(async (browser) => {
          const viewer = await openViewer(browser, await onboard.link(), DESKTOP);
          assert.ok(processesOf(tracker.profileDir).length > 0);
          onboard.child.kill(signal);
          const heading = signal === "SIGTERM" ? "The login was ended" : "The connection is lost";
          await viewer.getByRole("heading", { name: heading }).waitFor();
        });
        const { code } = await onboard.ended();
        assert.notEqual(code, 0);
        await until(() => processesOf(tracker.profileDir).length === 0);
      });
    },
  });
}
