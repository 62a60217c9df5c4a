import type { Check } from "../../../adapters/doctor/check.ts";
import { profile, usagePage } from "../../../adapters/doctor/checks/browser.ts";
import { database, dataDir } from "../../../adapters/doctor/checks/data.ts";
import { drift, login } from "../../../adapters/doctor/checks/login.ts";
import { clock, port, timeZone } from "../../../adapters/doctor/checks/machine.ts";
import { adminApi, channelChecks } from "../../../adapters/doctor/checks/outside.ts";
import { schedule } from "../../../adapters/doctor/checks/service.ts";
import { checksFor, examine } from "../../../adapters/doctor/doctor.ts";
import { takeExclusiveLock } from "../../../adapters/files/exclusive_lock.ts";
import { openDatabase } from "../../../adapters/sqlite/open.ts";
import { noteGoodScrape, noteLogin, noteLogout } from "../../../domain/capture/session.ts";
import { ok } from "../../../domain/operations/doctor.ts";
import { tempDir } from "../../temp_dir.ts";
import { fillDatabase, findingOf, NOON, patientIn } from "./patient.ts";
import assert from "node:assert/strict";

/** A server that answers so, and its address. */
function serverOf(answer: () => Response) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    port: server.addr.port,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("the list names each check once", () => {
  using dir = tempDir();
  const names = checksFor(patientIn(dir.path)).map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.equal(names.length, 17);
});

Deno.test("checks have a time limit of their own, what they throw is a failure, and order stays that of the list", async () => {
  using dir = tempDir();
  const never: Check = { name: "a", title: "A", limitMs: () => 30, run: () => new Promise(() => {}) };
  const broken: Check = {
    name: "b",
    title: "B",
    run() {
      throw new Error("It broke.");
    },
  };
  const good: Check = { name: "c", title: "C", run: () => ok("fine") };
  const seen: string[] = [];
  const results = await examine(patientIn(dir.path), {
    checks: [never, broken, good],
    signal: new AbortController().signal,
    onResult: ({ name }) => seen.push(name),
  });
  assert.deepEqual(results.map(({ status, found }) => [status, found]), [
    ["fail", "not done within 0 seconds"],
    ["fail", "It broke"],
    ["ok", "fine"],
  ]);
  assert.deepEqual(seen, ["a", "b", "c"]);
});

Deno.test("the data folder must be closed to others", { ignore: Deno.build.os === "windows" }, async () => {
  using dir = tempDir();
  const patient = patientIn(dir.path, { env: { DATA_DIR: `${dir.path}/d` } });
  assert.equal((await findingOf(dataDir, patient)).mend, "tracker doctor --fix");
  Deno.mkdirSync(`${dir.path}/d`, { mode: 0o750 });
  Deno.chmodSync(`${dir.path}/d`, 0o750);
  const { status, found } = await findingOf(dataDir, patient);
  assert.deepEqual([status, found], ["warn", `${dir.path}/d has mode 750`]);
  await dataDir.mend?.(patient, { say() {} });
  assert.equal((await findingOf(dataDir, patient)).status, "ok");
});

Deno.test("a database of a newer program is named with both versions", async () => {
  using dir = tempDir();
  const patient = patientIn(dir.path);
  const db = openDatabase(patient.config.dataDir, { clock: patient.clock });
  db.exec("PRAGMA user_version = 99");
  db.close();
  const { status, found } = await findingOf(database, patient);
  assert.equal(status, "fail");
  assert.match(found, /^version 99, this program knows \d+$/);
});

Deno.test("a database with a page of nonsense in it is damaged", async () => {
  using dir = tempDir();
  const patient = patientIn(dir.path);
  fillDatabase(patient, ({ alerts }) => {
    for (let n = 0; n < 200; n++) {
      alerts.open({ kind: "scrape_error", dedupeKey: `${n}`, details: "x".repeat(500), at: NOON });
    }
  });
  assert.equal((await findingOf(database, patient)).status, "ok");
  using file = Deno.openSync(`${patient.config.dataDir}/tracker.db`, { write: true });
  const size = Deno.statSync(`${patient.config.dataDir}/tracker.db`).size;
  file.seekSync(size - 20 * 4096, Deno.SeekMode.Start);
  for (let page = 0; page < 15; page++) file.writeSync(new Uint8Array(4096).fill(0xa5));
  const { status, found } = await findingOf(database, patient);
  assert.equal(status, "fail");
  assert.match(found, /damaged|malformed/);
});

Deno.test("a profile that a tracker holds is in use, and by whom", async () => {
  using dir = tempDir();
  const patient = patientIn(dir.path);
  Deno.mkdirSync(patient.config.profileDir, { mode: 0o700 });
  assert.match((await findingOf(profile, patient)).found, /free$/);
  const lock = takeExclusiveLock(`${patient.config.profileDir}/.tracker.lock`, { what: "x" });
  assert.match((await findingOf(profile, patient)).found, new RegExp(`in use by tracker \\(process ${Deno.pid}\\)$`));
  lock.release();
});

Deno.test("the usage page's faults are told apart, and any answer proves the way", async () => {
  using dir = tempDir();
  const at = (CURSOR_USAGE_URL: string) => findingOf(usagePage, patientIn(dir.path, { env: { CURSOR_USAGE_URL } }));
  assert.match((await at("http://no-such-host.invalid/u")).found, /host name is not found \(DNS\)$/);
  await using challenge = serverOf(() => new Response("no", { status: 403 }));
  assert.match((await at(`${challenge.origin}/u`)).found, /answers within \d+ ms \(status 403\)$/);
  await using broken = serverOf(() => new Response("no", { status: 502 }));
  assert.equal((await at(`${broken.origin}/u`)).status, "warn");
  assert.match((await at(`https://127.0.0.1:${broken.port}/u`)).found, /TLS/);
  using closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const free = (closed.addr as Deno.NetAddr).port;
  closed.close();
  assert.match((await at(`http://127.0.0.1:${free}/u`)).found, /nothing listens there$/);
});

Deno.test("the clock is compared with the site's", async () => {
  using dir = tempDir();
  const skewedBy = async (seconds: number) => {
    const date = new Date(NOON.subtract({ seconds }).epochMilliseconds).toUTCString();
    await using site = serverOf(() => new Response("", { headers: { date } }));
    return await findingOf(clock, patientIn(dir.path, { env: { CURSOR_USAGE_URL: `${site.origin}/u` } }));
  };
  assert.deepEqual([(await skewedBy(1)).status, (await skewedBy(30)).found], ["ok", "30 s ahead of the site's"]);
  assert.deepEqual([(await skewedBy(-120)).status, (await skewedBy(-120)).found], ["warn", "120 s behind the site's"]);
  assert.equal((await skewedBy(3_600)).status, "fail");
});

Deno.test("the time zone is fine where it is set, or the system's own", async () => {
  using dir = tempDir();
  assert.equal(
    (await findingOf(timeZone, patientIn(dir.path, { env: { TIME_ZONE: "Asia/Tokyo" } }))).found,
    "Asia/Tokyo, where it is 21:00",
  );
});

Deno.test("a port that nobody has is free; one that our own server answers on is ours", async () => {
  using dir = tempDir();
  await using server = serverOf(() => Response.json({ status: "ok", version: "0" }));
  const patient = patientIn(dir.path, { env: { BIND: `127.0.0.1:${server.port}` } });
  assert.equal((await findingOf(port, patient)).status, "fail");
  Deno.mkdirSync(patient.config.dataDir);
  const lock = takeExclusiveLock(`${patient.config.dataDir}/serve.lock`, { what: "x" });
  assert.match((await findingOf(port, patient)).found, new RegExp(`held by our own server \\(process ${Deno.pid}\\)$`));
  lock.release();
  assert.match((await findingOf(port, patientIn(dir.path, { env: { BIND: "127.0.0.1:0" } }))).found, /is free$/);
});

Deno.test("the schedule asks for a server, and notices a missed tick", async () => {
  using dir = tempDir();
  const patient = patientIn(dir.path);
  fillDatabase(patient, () => {});
  assert.deepEqual((await findingOf(schedule, patient)).mend, "tracker serve");
  const db = openDatabase(patient.config.dataDir, { clock: patient.clock });
  const insert =
    "INSERT INTO runs (job, key, status, input, owner, fence, created_at) VALUES ('scrape', ?, 'succeeded', 'null', 'p', 1, ?)";
  db.prepare(insert).run("2026-11-21T10:00Z", "2026-11-21T10:00:00.000Z");
  const lock = takeExclusiveLock(`${patient.config.dataDir}/serve.lock`, { what: "x" });
  const late = await findingOf(schedule, patient);
  assert.deepEqual([late.status, late.found], ["warn", `server (process ${Deno.pid}) runs; last tick 2 h ago`]);
  db.prepare(insert).run("2026-11-21T11:00Z", "2026-11-21T11:00:00.000Z");
  assert.equal((await findingOf(schedule, patient)).status, "ok");
  db.close();
  lock.release();
});

Deno.test("the Admin API's key is tried with one request, and a refusal is explained", async () => {
  using dir = tempDir();
  let requests = 0;
  let answer = () => Response.json({ totalUsageEventsCount: 0, usageEvents: [] });
  await using api = serverOf(() => {
    requests++;
    return answer();
  });
  const env = { CURSOR_API_KEY: "key_0123456789", CURSOR_ADMIN_URL: api.origin };
  const find = () => findingOf(adminApi, patientIn(dir.path, { env }));
  assert.equal((await findingOf(adminApi, patientIn(dir.path))).status, "skipped");
  assert.equal((await find()).status, "ok");
  answer = () => Response.json({ message: "bad key" }, { status: 401 });
  const refused = await find();
  assert.deepEqual([refused.status, refused.mend], ["fail", "Set CURSOR_API_KEY to an Admin API key"]);
  assert.match(refused.why ?? "", /team admin/);
  answer = () => new Response("", { status: 503 });
  assert.equal((await find()).status, "warn");
  assert.equal(requests, 3);
});

Deno.test("mail and webhook are skipped where none is configured, and fail where nobody answers", async () => {
  using dir = tempDir();
  const unset = patientIn(dir.path);
  for (const check of channelChecks(unset)) assert.equal((await findingOf(check, unset)).status, "skipped");
  const env = {
    SMTP_HOST: "127.0.0.1",
    SMTP_PORT: "2",
    SMTP_FROM: "me@example.test",
    ALERT_TO: "me@example.test",
    WEBHOOK_URL: "http://127.0.0.1:2/secret-path",
  };
  const patient = patientIn(dir.path, { env });
  assert.deepEqual(channelChecks(patient).map(({ name }) => name), ["smtp", "webhook"]);
  for (const check of channelChecks(patient)) {
    const { status, found, why } = await findingOf(check, patient);
    assert.equal(status, "fail", check.name);
    assert.ok(!`${found}${why}`.includes("secret-path"));
  }
});

Deno.test("the login is judged by the last scrape, and warned of near its usual end", async () => {
  using dir = tempDir();
  const patient = patientIn(dir.path);
  assert.equal((await findingOf(login, patient)).mend, "tracker onboard");
  fillDatabase(patient, ({ sessions }) => {
    for (const hours of [90, 60]) {
      const begin = NOON.subtract({ hours });
      noteLogin(sessions, begin);
      noteGoodScrape(sessions, { at: begin.add({ hours: 20 }), expiresAt: null, account: null });
      noteLogout(sessions, begin.add({ hours: 21 }));
    }
    noteLogin(sessions, NOON.subtract({ hours: 19 }));
  });
  const db = openDatabase(patient.config.dataDir, { clock: patient.clock });
  db.exec(
    "INSERT INTO runs (job, key, status, input, owner, fence, created_at, finished_at) VALUES " +
      "('scrape', 'k', 'succeeded', 'null', 'p', 1, '2026-11-21T11:00:00.000Z', '2026-11-21T11:00:05.000Z')",
  );
  db.close();
  const { status, found, mend } = await findingOf(login, patient);
  assert.equal(found, "worked 59 min ago; logged in for 19 h, sessions usually last 20 h");
  assert.deepEqual([status, mend], ["warn", "tracker onboard"]);
});

Deno.test("figures that Cursor no longer sends are named", async () => {
  using dir = tempDir();
  const patient = patientIn(dir.path);
  fillDatabase(patient, ({ shapes }) =>
    shapes.save({
      endpoint: "get-aggregated-usage-events",
      recognizer: "aggregated_usage_events",
      fingerprint: {},
      seenAt: NOON,
      drift: { lost: ["aggregations[].totalCents"], retyped: [], lostFigures: ["API cost"] },
      driftedAt: NOON,
    }));
  const { status, found } = await findingOf(drift, patient);
  assert.deepEqual([status, found], ["warn", "no longer sent: API cost (get-aggregated-usage-events)"]);
});
