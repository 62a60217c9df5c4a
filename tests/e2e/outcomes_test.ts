import { launchBrowser } from "../../adapters/browser/launch.ts";
import { BROWSER_PATH } from "../browser.ts";
import { countIn, type LoggedIn, query, type Tracker, until, withLoggedIn, withTracker } from "./harness.ts";
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";

const IS_ROOT_ON_LINUX = Deno.build.os === "linux" && Deno.uid() === 0;
const PNG = [0x89, 0x50, 0x4e, 0x47];

/** Runs a scrape, and answers its result together with what the last run keeps of it. */
async function scrape(tracker: Tracker) {
  const { code, stdout, stderr } = await tracker.run("scrape", "--json");
  const [run] = query(tracker, "SELECT failure FROM runs WHERE job = 'scrape' ORDER BY id DESC LIMIT 1");
  const failure = run?.["failure"] === null ? null : JSON.parse(String(run?.["failure"]));
  return { code, stderr, failure, ...JSON.parse(stdout) };
}

/** The folder as a disk of its own, of this many MiB. */
async function mountTmpfs(folder: string, sizeMib: number): Promise<AsyncDisposable> {
  await Deno.mkdir(folder, { recursive: true });
  const run = async (command: string, args: string[]) => {
    const { success, stderr } = await new Deno.Command(command, { args, stdout: "null", stderr: "piped" }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
  };
  await run("mount", ["-t", "tmpfs", "-o", `size=${sizeMib}m,mode=700`, "tmpfs", folder]);
  return { [Symbol.asyncDispose]: () => run("umount", ["-l", folder]) };
}

/** Writes until nothing more fits; answers what makes room again. */
function fill(folder: string): () => void {
  const path = `${folder}/filler`;
  using file = Deno.openSync(path, { write: true, create: true });
  for (const size of [1024 * 1024, 4096, 1]) {
    const chunk = new Uint8Array(size);
    try {
      while (file.writeSync(chunk) > 0);
    } catch (error) {
      assert.match(String(error), /No space left/);
    }
  }
  return () => Deno.removeSync(path);
}

Deno.test("a failed scrape keeps its evidence with the run, and a masked picture and DOM beside the capture", async () => {
  await withLoggedIn({ fault: "changed_layout" }, async ({ tracker, sim }) => {
    const { code, outcome, failure } = await scrape(tracker);
    assert.deepEqual([code, outcome], [12, "layout_changed"]);
    const { details } = failure;
    assert.equal(details.outcome, "layout_changed");
    assert.equal(details.evidence.pageStatus, 200);
    assert.equal(details.evidence.hasLoginForm, false);
    assert.ok(details.evidence.apiCalls.some(({ path }: { path: string }) => path === "/api/auth/me"));
    const [page] = query(
      tracker,
      "SELECT captured_at, screenshot, html FROM failed_pages JOIN captures ON captures.id = capture_id",
    );
    assert.equal(page?.["captured_at"], details.capturedAt.replace(/(\.\d{3})\d*Z$/, "$1Z"));
    const { screenshot, html } = page ?? {};
    assert.ok(screenshot instanceof Uint8Array && html instanceof Uint8Array);
    assert.deepEqual([...screenshot.subarray(0, 4)], PNG);
    const dom = gunzipSync(html).toString("utf8");
    assert.match(dom, /Activity score/);
    assert.match(dom, /<p id="account">\[e-mail\]<\/p>/);
    assert.ok(!dom.includes(sim.email));
  });
});

Deno.test("Chromium killed in the middle of a capture ends in no_browser, and the next scrape works", async () => {
  await withLoggedIn({ fault: "slow_api" }, async ({ tracker, sim }) => {
    const scraping = tracker.spawn("scrape", "--json");
    await until(() => sim.requests.some(({ path }) => path === "/api/auth/me"));
    const pid = Number(/-(\d+)$/.exec(Deno.readLinkSync(`${tracker.profileDir}/SingletonLock`))?.[1]);
    Deno.kill(pid, "SIGKILL");
    const { code, stdout } = await scraping.output();
    const result = JSON.parse(new TextDecoder().decode(stdout));
    assert.deepEqual([code, result.outcome], [14, "no_browser"], result.error);
    assert.match(result.error, /crashed, or something killed it/);
    assert.match(result.hint, /doctor --fix/);
    sim.fault = "none";
    assert.equal((await scrape(tracker)).outcome, "stored");
  });
});

Deno.test("a profile that a browser window has open ends in locked, and names its process", async () => {
  await withLoggedIn({}, async ({ tracker }) => {
    const window = await launchBrowser({
      executablePath: BROWSER_PATH,
      profileDir: tracker.profileDir,
      headless: true,
    });
    try {
      const { code, outcome, error } = await scrape(tracker);
      assert.deepEqual([code, outcome], [15, "locked"]);
      assert.match(error, /in use by/);
    } finally {
      await window.close();
    }
  });
});

Deno.test("a host name that does not exist, and a certificate that nobody trusts, are named as such", async () => {
  await withTracker({ CURSOR_USAGE_URL: "http://no-such-host.invalid/dashboard/usage" }, async (tracker) => {
    const { code, error, hint } = await scrape(tracker);
    assert.equal(code, 13);
    assert.match(error, /its host name was not found \(DNS\): net::ERR_NAME_NOT_RESOLVED/);
    assert.match(hint, /name server/);
  });
  const pem = (name: string) => Deno.readTextFileSync(new URL(`../../fixtures/certificates/${name}`, import.meta.url));
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert: pem("localhost.pem"), key: pem("localhost.key.pem"), onListen() {} },
    () => new Response(""),
  );
  await withTracker({ CURSOR_USAGE_URL: `https://127.0.0.1:${server.addr.port}/dashboard/usage` }, async (tracker) => {
    const { code, error, hint } = await scrape(tracker);
    assert.equal(code, 13);
    assert.match(error, /no secure connection was possible \(TLS\): net::ERR_CERT_AUTHORITY_INVALID/);
    assert.match(hint, /clock/);
    const doctor = JSON.parse((await tracker.run("doctor", "--json")).stdout);
    assert.match(doctor.checks.find(({ name }: { name: string }) => name === "usage_page").found, /\(TLS\)$/);
  });
  await server.shutdown();
});

Deno.test({
  name: "a full disk below DATA_DIR ends in disk_full, and after room was made the next scrape works",
  ignore: !IS_ROOT_ON_LINUX, // only root may mount
  async fn() {
    await withLoggedIn({}, async (parts) => {
      const { tracker } = parts;
      await using _disk = await mountTmpfs(tracker.dataDir, 4);
      assert.equal((await scrape(tracker)).outcome, "stored");
      const makeRoom = fill(tracker.dataDir);
      await assertDiskFull(parts);
      makeRoom();
      assert.equal((await scrape(tracker)).outcome, "unchanged");
    });
  },
});

Deno.test({
  name: "a full disk below the browser's profile ends in disk_full",
  ignore: !IS_ROOT_ON_LINUX, // only root may mount
  async fn() {
    await withTracker({ CURSOR_USAGE_URL: "http://127.0.0.1:9/dashboard/usage" }, async (tracker) => {
      await using _disk = await mountTmpfs(tracker.profileDir, 4);
      fill(tracker.profileDir);
      const { code, outcome, failure } = await scrape(tracker);
      assert.deepEqual([code, outcome, failure.details.outcome], [1, "disk_full", "disk_full"]);
    });
  },
});

async function assertDiskFull({ tracker }: Pick<LoggedIn, "tracker">): Promise<void> {
  const { code, stdout, stderr } = await tracker.run("scrape", "--json");
  const { outcome, error, hint } = JSON.parse(stdout);
  assert.deepEqual([code, outcome], [1, "disk_full"], stderr);
  assert.match(error, /full/);
  assert.match(hint, /Free some space/);
  const doctor = JSON.parse((await tracker.run("doctor", "--json")).stdout);
  const { status, mend } = doctor.checks.find(({ name }: { name: string }) => name === "data_dir");
  assert.deepEqual([status, mend], ["fail", `df -h "${tracker.dataDir}"`]);
}

Deno.test("a browser that is not there, or is none, ends in no_browser with exit code 14", async () => {
  for (const BROWSER_PATH of ["/nowhere/chromium", "/bin/false"]) {
    await withTracker({ BROWSER_PATH }, async (tracker) => {
      const { code, stdout } = await tracker.run("scrape", "--json");
      assert.equal(code, 14);
      assert.equal(JSON.parse(stdout).outcome, "no_browser");
      assert.equal(countIn(tracker, "usage_events"), 0);
    });
  }
});

Deno.test("a profile that another process uses ends in exit code 15 and opens no alert", async () => {
  await withLoggedIn({ fault: "slow" }, async ({ tracker, sim }) => {
    const first = tracker.spawn("scrape", "--json");
    await until(() => sim.requests.some(({ path }) => path === "/dashboard/usage"));
    const second = await tracker.run("scrape", "--json");
    assert.equal(second.code, 15);
    assert.equal(JSON.parse(second.stdout).outcome, "locked");
    assert.equal(countIn(tracker, "alerts WHERE kind = 'scrape_error'"), 0);
    first.kill("SIGTERM");
    await first.output();
  });
});
