import { BROWSER_PATH } from "../browser.ts";
import { countIn, processesOf, type Tracker, until, withLoggedIn } from "./harness.ts";
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";

const isUsagePage = ({ path }: { path: string }) => path === "/dashboard/usage";

function openReadOnly(tracker: Tracker): DatabaseSync | null {
  try {
    return new DatabaseSync(`${tracker.dataDir}/tracker.db`, { readOnly: true });
  } catch {
    return null; // the program has not made it yet
  }
}

/**
 * Starts a scrape and stops it for ever right after its capture is stored: another connection takes the write lock as
 * soon as the capture is there, so that the store cannot happen before the kill. Answers whether it was that fast.
 */
async function killBetweenCaptureAndStore(tracker: Tracker): Promise<boolean> {
  const child = tracker.spawn("scrape", "--json");
  await until(() => {
    const db = openReadOnly(tracker);
    try {
      return db?.prepare("SELECT 1 FROM steps WHERE name = 'capture'").get() !== undefined && db !== null;
    } catch {
      return false; // no tables yet
    } finally {
      db?.close();
    }
  });
  child.kill("SIGKILL");
  await child.output();
  const db = openReadOnly(tracker);
  const stored = db?.prepare("SELECT count(*) AS n FROM snapshots").get()?.["n"];
  db?.close();
  return stored === 0;
}

Deno.test("a scrape killed between capture and store is finished by the next start without a browser", async () => {
  for (let tries = 1;; tries++) {
    let wasInTime = false;
    await withLoggedIn({}, async ({ tracker, sim }) => {
      wasInTime = await killBetweenCaptureAndStore(tracker);
      if (!wasInTime) return;
      const visits = sim.requests.filter(isUsagePage).length;
      const { code, stdout, stderr } = await tracker.run("scrape", "--json");
      assert.equal(code, 0, stderr);
      assert.equal(JSON.parse(stdout).outcome, "stored");
      assert.equal(JSON.parse(stdout).rows_count, 5);
      assert.equal(sim.requests.filter(isUsagePage).length, visits, "the page was not opened again");
      const list = JSON.parse((await tracker.run("runs", "list", "--job", "scrape", "--json")).stdout);
      assert.deepEqual(list.runs.map((run: { status: string }) => run.status), ["succeeded"]);
    });
    if (wasInTime) return;
    assert.ok(tries < 10, "the kill came too late ten times");
  }
});

Deno.test("no Chromium is left after SIGTERM or SIGKILL in the middle of a capture", async () => {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    await withLoggedIn({ fault: "slow" }, async ({ tracker, sim }) => {
      const child = tracker.spawn("scrape", "--json");
      await until(() => sim.requests.some(isUsagePage));
      assert.ok(processesOf(tracker.profileDir).length > 0, `${BROWSER_PATH} runs`);
      child.kill(signal);
      const ended = await child.output();
      await until(() => processesOf(tracker.profileDir).length === 0);
      if (signal === "SIGTERM") assert.match(new TextDecoder().decode(ended.stdout), /interrupted/);
      sim.fault = "none";
      const { stdout } = await tracker.run("scrape", "--json");
      assert.equal(JSON.parse(stdout).outcome, "stored", "the profile is free again");
    });
  }
});

Deno.test("serve stops within ten seconds in the middle of a capture, and goes on with it at its next start", async () => {
  await withLoggedIn({ fault: "slow", env: { BIND: "127.0.0.1:0" } }, async ({ tracker, sim }) => {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      const visits = sim.requests.filter(isUsagePage).length;
      const server = tracker.spawn("serve");
      await until(() => sim.requests.filter(isUsagePage).length > visits);
      server.kill(signal);
      await server.output();
      await until(() => processesOf(tracker.profileDir).length === 0);
    }
    sim.fault = "none";
    const server = tracker.spawn("serve");
    await until(() => countIn(tracker, "runs WHERE job = 'scrape' AND status <> 'succeeded'") === 0);
    const { stdout } = await tracker.run("runs", "list", "--job", "scrape", "--json");
    assert.equal(JSON.parse(stdout).runs.length, 1, "the same run, by its tick");
    server.kill("SIGTERM");
    assert.equal((await server.output()).code, 0);
  });
});
