import { findBrowser } from "../../../adapters/browser/find_browser.ts";
import { CaptureFailed } from "../../../domain/capture/outcome.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";

/** A system of which no usual places are known, so that only what a test gives is found. */
const BARE = { browserPath: null, os: "plan9", playwrightPath: null };

/** Empty files at these paths below a new folder. */
function folderOf(...files: string[]): ReturnType<typeof tempDir> {
  const dir = tempDir();
  for (const file of files) {
    Deno.mkdirSync(`${dir.path}/${file}`.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.writeTextFileSync(`${dir.path}/${file}`, "");
  }
  return dir;
}

function isNoBrowser(message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof CaptureFailed && error.outcome === "no_browser" && message.test(error.message);
}

Deno.test("BROWSER_PATH is taken before everything else", async () => {
  using dir = folderOf("mine/my-browser", "bin/chromium", "playwright/chrome");
  const places = { ...BARE, path: `${dir.path}/bin`, playwrightPath: `${dir.path}/playwright/chrome` };
  const browserPath = `${dir.path}/mine/my-browser`;
  assert.equal(await findBrowser({ ...places, browserPath }), browserPath);
});

Deno.test("a BROWSER_PATH that names no file is an error, though another browser is there", async () => {
  using dir = folderOf("bin/chromium");
  for (const browserPath of [`${dir.path}/absent`, `${dir.path}/bin`, `${dir.path}/bin/chromium/below`]) {
    await assert.rejects(
      findBrowser({ ...BARE, path: `${dir.path}/bin`, browserPath }),
      isNoBrowser(new RegExp(`There is no browser at BROWSER_PATH: ${browserPath}$`)),
    );
  }
});

Deno.test("PATH is searched folder by folder, Chromium before Chrome before Edge", async () => {
  using dir = folderOf("a/tool", "b/google-chrome", "b/chromium", "b/msedge", "c/chromium");
  const path = [`${dir.path}/absent`, "", `${dir.path}/a`, `${dir.path}/b`, `${dir.path}/c`].join(":");
  assert.equal(await findBrowser({ ...BARE, path }), `${dir.path}/b/chromium`);
  Deno.removeSync(`${dir.path}/b/chromium`);
  assert.equal(await findBrowser({ ...BARE, path }), `${dir.path}/b/google-chrome`);
  Deno.removeSync(`${dir.path}/b/google-chrome`);
  assert.equal(await findBrowser({ ...BARE, path }), `${dir.path}/b/msedge`);
});

Deno.test("on Windows PATH has semicolons and browsers end in .exe", async () => {
  using dir = folderOf("a/chrome", "b/chrome.exe");
  const path = `${dir.path}/a;${dir.path}/b`;
  assert.equal(await findBrowser({ ...BARE, os: "windows", path }), `${dir.path}/b/chrome.exe`);
});

Deno.test("Playwright's own Chromium comes last", async () => {
  using dir = folderOf("bin/chrome", "playwright/chrome");
  const playwrightPath = `${dir.path}/playwright/chrome`;
  assert.equal(await findBrowser({ ...BARE, path: `${dir.path}/bin`, playwrightPath }), `${dir.path}/bin/chrome`);
  assert.equal(await findBrowser({ ...BARE, path: "", playwrightPath }), playwrightPath);
});

Deno.test("where there is no browser the error says how to get one", async () => {
  using dir = folderOf("bin/firefox");
  const places = { ...BARE, path: `${dir.path}/bin`, playwrightPath: `${dir.path}/absent` };
  await assert.rejects(findBrowser(places), (error) => {
    assert.ok(isNoBrowser(/^No Chromium, Chrome or Edge was found/)(error));
    assert.ok(error instanceof CaptureFailed && error.hint !== null);
    assert.match(error.hint, /BROWSER_PATH/);
    assert.equal(error.exitCode, 14);
    return true;
  });
});

Deno.test("a browser that was installed below DATA_DIR is taken before the system's, the newest build of it", async () => {
  using dir = folderOf(
    "bin/chromium",
    "data/browsers/chromium-999/chrome-linux/chrome",
    "data/browsers/chromium-1217/chrome-linux64/chrome",
    "data/browsers/chromium_headless_shell-1300/chrome-linux/headless_shell",
  );
  const places = { ...BARE, path: `${dir.path}/bin`, dataDir: `${dir.path}/data` };
  assert.equal(await findBrowser(places), `${dir.path}/data/browsers/chromium-1217/chrome-linux64/chrome`);
});

Deno.test("browsers that a person installed for themselves alone are found", async () => {
  const own = "Google Chrome.app/Contents/MacOS/Google Chrome";
  using dir = folderOf(`Applications/${own}`, "Local\\Chromium\\Application\\chrome.exe");
  const mac = { ...BARE, os: "darwin", path: "", home: dir.path };
  assert.equal(await findBrowser(mac), `${dir.path}/Applications/${own}`);
  const windows = { ...BARE, os: "windows", path: "", localAppData: `${dir.path}/Local` };
  assert.equal(await findBrowser(windows), `${dir.path}/Local\\Chromium\\Application\\chrome.exe`);
});
