import { launchBrowser } from "../../../adapters/browser/launch.ts";
import { type LoginSight, lookAtLogin, sentenceOf } from "../../../adapters/browser/login.ts";
import { type CursorSimOptions, startCursorSim } from "../../../fixtures/cursor_sim/server.ts";
import { BROWSER_PATH } from "../../browser.ts";
import { FakeTime } from "../../fake_time.ts";
import { withTempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";

const clock = new FakeTime("2026-11-21T20:00:00Z");

/** What is seen of each of the sites, one after the other in one browser. */
async function sightsOf(
  cases: readonly { options?: Partial<CursorSimOptions>; isLoggedIn?: boolean; isGone?: boolean; path?: string }[],
): Promise<LoginSight[]> {
  const sights: LoginSight[] = [];
  await withTempDir(async (folder) => {
    const browser = await launchBrowser({
      executablePath: BROWSER_PATH,
      profileDir: `${folder}/profile`,
      headless: true,
    });
    try {
      const page = browser.context.pages()[0] ?? await browser.context.newPage();
      for (const { options = {}, isLoggedIn = true, isGone = false, path } of cases) {
        const sim = startCursorSim({ seed: 7, clock, ...options });
        try {
          await browser.context.clearCookies();
          if (isLoggedIn) await browser.context.addCookies([{ ...sim.issueSession(), url: sim.origin }]);
          if (isGone) await sim.stop();
          await page.goto(path ?? sim.usageUrl).catch(() => page.waitForURL(/^chrome-error:/));
          sights.push(await lookAtLogin(page, { usageUrl: new URL(sim.usageUrl), clock }));
        } finally {
          await sim.stop();
        }
      }
    } finally {
      await browser.close();
    }
  });
  return sights;
}

Deno.test("lookAtLogin() tells where a login stands", async () => {
  const sights = await sightsOf([
    {},
    { options: { mode: "dom" } },
    { options: { fault: "empty_period" } },
    { isLoggedIn: false },
    { options: { fault: "logged_out_api" } },
    { options: { fault: "challenge" } },
    { options: { fault: "server_error_api" } },
    { options: { fault: "changed_layout" } },
    { path: "about:blank" },
    { isGone: true },
  ]);
  assert.deepEqual(sights, [
    { state: "readable", models: 5 },
    { state: "readable", models: 5 },
    { state: "readable", models: 0 },
    { state: "login_form" },
    { state: "no_data", status: 401 },
    { state: "challenged" },
    { state: "no_data", status: 500 },
    { state: "accepted" },
    { state: "loading" },
    { state: "unreachable" },
  ]);
});

Deno.test("lookAtLogin() takes another site's page, and a page in the place of the data, for no login", async () => {
  const other = Deno.serve({ hostname: "localhost", port: 0, onListen() {} }, (request) => {
    const isPage = new URL(request.url).pathname === "/page";
    return new Response(isPage ? "<title>Welcome</title><h1>Welcome</h1>" : "<title>Log in</title>", {
      headers: { "content-type": "text/html" },
    });
  });
  try {
    const page = `http://localhost:${other.addr.port}/page`;
    const [elsewhere] = await sightsOf([{ path: page }]);
    assert.deepEqual(elsewhere, { state: "elsewhere", host: `localhost:${other.addr.port}` });
    await withTempDir(async (folder) => {
      const browser = await launchBrowser({
        executablePath: BROWSER_PATH,
        profileDir: `${folder}/profile`,
        headless: true,
      });
      try {
        const own = browser.context.pages()[0] ?? await browser.context.newPage();
        await own.goto(page);
        // Every call is answered with status 200 and the HTML of a login.
        assert.equal((await lookAtLogin(own, { usageUrl: new URL(page), clock })).state, "no_data");
      } finally {
        await browser.close();
      }
    });
  } finally {
    await other.shutdown();
  }
});

Deno.test("each sight has its sentence", () => {
  assert.equal(sentenceOf({ state: "readable", models: 1 }), "The usage data can be read: 1 model.");
  assert.equal(
    sentenceOf({ state: "elsewhere", host: "accounts.google.com" }),
    "The login goes on at accounts.google.com.",
  );
  assert.match(sentenceOf({ state: "no_data", status: 401 }) ?? "", /HTTP status 401/);
  assert.equal(sentenceOf({ state: "loading" }), null);
});
