import { launchBrowser } from "../../adapters/browser/launch.ts";
import { startCursorSim } from "../../fixtures/cursor_sim/server.ts";
import { BROWSER_PATH } from "../browser.ts";
import { NOW, query, type Tracker, withLoggedIn } from "./harness.ts";
import assert from "node:assert/strict";

const sessions = (tracker: Tracker) => query(tracker, "SELECT * FROM sessions ORDER BY id");

Deno.test("a session is remembered with its cookie's end and a hash of its account, and ends with a log-out", async () => {
  await withLoggedIn({}, async ({ tracker, sim }) => {
    assert.equal((await tracker.run("scrape")).code, 0);
    const [session] = sessions(tracker);
    assert.equal(session?.["began_by"], "scrape");
    assert.match(String(session?.["account"]), /^hmac-[0-9a-f]{8}:[0-9a-f]{32}$/);
    const expiresAt = Temporal.Instant.from(String(session?.["expires_at"]));
    const hours = Temporal.Instant.from(String(session?.["began_at"])).until(expiresAt).total("hours");
    assert.ok(hours > 23.9 && hours <= 24, `the cookie lives for 24 hours: ${hours}`);

    sim.expireSessions();
    assert.equal((await tracker.run("scrape")).code, 10);
    const [ended, ...others] = sessions(tracker);
    assert.deepEqual([ended?.["ended_by"], others.length], ["logged_out", 0]);
    const status = await tracker.run("status");
    assert.match(
      status.stdout,
      /^Cursor has logged you out\. [\s\S]*\nTry: {3}tracker onboard\n\n[\s\S]*checked (?:just now|\d min ago)/,
    );

    const file = Deno.readFileSync(`${tracker.dataDir}/tracker.db`);
    assert.ok(!new TextDecoder("latin1").decode(file).includes(sim.email));
    assert.ok(!(await Deno.readTextFile(`${tracker.dataDir}/logs/tracker.log`)).includes(sim.email));
  });
});

Deno.test("a scrape with another account is said in the log and on the terminal", async () => {
  await withLoggedIn({}, async ({ tracker, sim, clock }) => {
    assert.equal((await tracker.run("scrape")).code, 0);
    const other = startCursorSim({ seed: 8, clock, account: { email: "grace@example.test" } });
    try {
      const { origin, usageUrl } = other;
      const browser = await launchBrowser({
        executablePath: BROWSER_PATH,
        profileDir: tracker.profileDir,
        headless: true,
      });
      const expires = NOW.add({ hours: 24 * 300 }).epochMilliseconds / 1000;
      await browser.context.addCookies([{ ...other.issueSession(), url: origin, httpOnly: true, expires }]);
      await browser.close();
      tracker.env["CURSOR_USAGE_URL"] = usageUrl;
      assert.equal((await tracker.run("scrape")).code, 0);
      assert.deepEqual(sessions(tracker).map(({ ended_by }) => ended_by), ["other_account", null]);
      const log = await Deno.readTextFile(`${tracker.dataDir}/logs/tracker.log`);
      assert.match(log, /"level":"warn","event":"account\.changed"/);
      assert.ok(!log.includes("grace@example.test"));
      assert.match((await tracker.run("status")).stdout, /^Another account is logged in\./m);
    } finally {
      await other.stop();
    }
    assert.notEqual(sim.email, "grace@example.test");
  });
});
