import { countIn, type Tracker, withLoggedIn, withTracker } from "./harness.ts";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
// @ts-types="@types/tar-stream"
import { extract } from "tar-stream";

interface Check {
  readonly name: string;
  readonly status: string;
  readonly found: string;
  readonly why: string | null;
  readonly mend: string | null;
}

async function doctor(tracker: Tracker, ...args: string[]) {
  const { code, stdout, stderr } = await tracker.run("doctor", "--json", ...args);
  const report = JSON.parse(stdout);
  const check = (name: string): Check => report.checks.find((check: Check) => check.name === name);
  return { code, stderr, report, check };
}

/** The files of a .tar.gz, by name. */
async function unpack(path: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const tar = extract();
  tar.on("entry", (header, stream, next) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      files.set(header.name, Buffer.concat(chunks));
      next();
    });
  });
  const done = new Promise((resolve, reject) => tar.on("finish", resolve).on("error", reject));
  tar.end(gunzipSync(Deno.readFileSync(path)));
  await done;
  return files;
}

Deno.test("doctor works with a broken configuration and without a data folder, and changes nothing", async () => {
  const env = { BIND: "nowhere", TIME_ZONE: "Mars/Base", CURSOR_USAGE_URL: "http://127.0.0.1:9/dashboard/usage" };
  await withTracker(env, async (tracker) => {
    const { code, report, check } = await doctor(tracker);
    assert.equal(code, 1);
    assert.equal(report.status, "fail");
    assert.equal(check("configuration").status, "fail");
    assert.match(check("configuration").why ?? "", /BIND must be .*TIME_ZONE must be /);
    assert.deepEqual([check("data_dir").status, check("data_dir").mend], ["warn", "tracker doctor --fix"]);
    assert.equal(check("database").status, "skipped");
    assert.equal(check("browser").status, "ok");
    assert.equal(check("usage_page").status, "fail");
    assert.deepEqual([...Deno.readDirSync(tracker.dir)].map(({ name }) => name), []);
  });
});

Deno.test("doctor finds all well after a scrape, and --online sees that the login works and stores nothing", async () => {
  const env = { BIND: "127.0.0.1:0" };
  await withLoggedIn({ env }, async ({ tracker, sim }) => {
    assert.equal((await tracker.run("scrape")).code, 0);
    const { code, check, report } = await doctor(tracker);
    assert.equal(code, 0, JSON.stringify(report.checks.filter(({ status }: Check) => status === "fail")));
    for (const name of ["configuration", "data_dir", "database", "browser", "profile", "usage_page", "last_scrape"]) {
      assert.equal(check(name).status, "ok", `${name}: ${check(name).found}`);
    }
    assert.match(check("login").found, /^worked (?:just now|\d min ago); logged in for \d min/);
    assert.equal(check("clock").status, "ok");

    sim.expireSessions();
    assert.notEqual((await doctor(tracker)).check("login").status, "fail");
    const online = await doctor(tracker, "--online");
    assert.deepEqual([online.check("login").status, online.check("login").mend], ["fail", "tracker onboard"]);
    assert.equal(online.code, 1);
    assert.deepEqual([countIn(tracker, "runs WHERE job = 'scrape'"), countIn(tracker, "captures")], [1, 1]);

    assert.equal((await tracker.run("scrape")).code, 10);
    const after = await doctor(tracker);
    assert.match(after.check("login").found, /^Cursor has logged you out, seen (?:just now|\d min ago)$/);
    assert.match(after.check("last_scrape").found, /figures checked (?:just now|\d min ago)$/);
  });
});

Deno.test("--fix makes and closes the folders, and says so", { ignore: Deno.build.os === "windows" }, async () => {
  await withTracker({ CURSOR_USAGE_URL: "http://127.0.0.1:9/" }, async (tracker) => {
    Deno.mkdirSync(tracker.profileDir, { mode: 0o755 });
    const { report, check } = await doctor(tracker, "--fix");
    assert.deepEqual(report.mended, [
      `Made the data folder ${tracker.dataDir}, closed to other users.`,
      `Closed ${tracker.profileDir} to other users (mode 700).`,
    ]);
    assert.deepEqual([check("data_dir").status, check("profile").status], ["ok", "ok"]);
    assert.equal((Deno.statSync(tracker.profileDir).mode ?? 0) & 0o777, 0o700);
  });
});

Deno.test("a damaged database, an old browser and a port that another program has are named", async () => {
  using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = other.addr as Deno.NetAddr;
  await withTracker({ BIND: `127.0.0.1:${port}`, CURSOR_USAGE_URL: "http://127.0.0.1:9/" }, async (tracker) => {
    const old = `${tracker.dir}/old-chromium`;
    Deno.writeTextFileSync(old, "#!/bin/sh\necho 'Chromium 98.0.4758.80 built on Old'\n", { mode: 0o755 });
    tracker.env["BROWSER_PATH"] = old;
    Deno.mkdirSync(tracker.dataDir, { mode: 0o700 });
    Deno.writeTextFileSync(`${tracker.dataDir}/tracker.db`, "this is no database at all, whatever its name says");
    const { code, check } = await doctor(tracker);
    assert.equal(code, 1);
    assert.equal(check("database").status, "fail");
    assert.match(check("database").found, /not a database/);
    assert.deepEqual([check("browser").status, check("browser").found], ["warn", `Chromium 98.0.4758.80 at ${old}`]);
    assert.match(check("browser").why ?? "", /too old: 120 is the oldest/);
    assert.deepEqual([check("port").status, check("port").mend], [
      "fail",
      `Stop that program, or set BIND=127.0.0.1:${port + 1}`,
    ]);
  });
});

Deno.test("a bundle holds no secret, no cookie and no address, wherever they were planted", async () => {
  const secrets = {
    DASH_USER: "planted-dash-user",
    DASH_PASS: "planted-dash-pass",
    CURSOR_API_KEY: "planted-api-key",
    WEBHOOK_URL: "http://127.0.0.1:9/planted-webhook-path",
    WEBHOOK_SECRET: "planted-webhook-secret",
    HEARTBEAT_URL: "http://127.0.0.1:9/planted-heartbeat",
    CURSOR_ADMIN_URL: "http://127.0.0.1:9/",
  };
  await withLoggedIn(
    { fault: "changed_layout", env: { ...secrets, BIND: "127.0.0.1:0" } },
    async ({ tracker, sim }) => {
      assert.equal((await tracker.run("scrape")).code, 12);
      const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.planted-signature";
      const lines = [
        `{"event":"x","error":"to planted@example.test with planted-api-key"}`,
        `{"event":"y","cookie":"WorkosCursorSessionToken=user_01PLANTED::planted-session"}`,
        `{"event":"z","url":"https://planted-user:planted-pw@host/?token=planted-token","jwt":"${jwt}"}`,
      ];
      await Deno.writeTextFile(`${tracker.dataDir}/logs/tracker.log`, `${lines.join("\n")}\n`, { append: true });

      const path = `${tracker.dir}/report.tar.gz`;
      const { code, stdout } = await tracker.run("doctor", "--bundle", path);
      assert.equal(code, 1);
      assert.equal((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
      const files = await unpack(path);
      const names = [...files.keys()].map((name) => name.replace("tracker-doctor/", ""));
      assert.deepEqual(names, [
        "doctor.json",
        "config.json",
        "versions.json",
        "runs.json",
        "sessions.json",
        "shapes.json",
        "failed_page.json",
        "failed_page.html",
        "failed_page.png",
        "tracker.log",
      ]);
      for (const name of names) assert.ok(stdout.includes(name), `the command lists ${name}`);
      const all = [...files.values()].map((file) => file.toString("latin1")).join("\n");
      assert.deepEqual(all.match(/.{0,40}(?:planted[-@]|PLANTED).{0,20}/g) ?? [], []);
      assert.ok(!all.includes(sim.email));
      assert.ok(!all.includes(tracker.dir), "the person's folder reads ~");
      assert.match(files.get("tracker-doctor/tracker.log")?.toString() ?? "", /"event":"z"/);
      assert.match(files.get("tracker-doctor/failed_page.html")?.toString() ?? "", /Activity score/);
      const runs = JSON.parse(files.get("tracker-doctor/runs.json")?.toString() ?? "");
      const scrape = runs.find((run: { job: string }) => run.job === "scrape");
      assert.equal(scrape.failure.details.outcome, "layout_changed");
      assert.equal(JSON.parse(files.get("tracker-doctor/config.json")?.toString() ?? "").apiKey, "[secret]");

      const again = await tracker.run("doctor", "--bundle", path);
      assert.match(again.stderr, /as it is there already/);
    },
  );
});
