import { type LogOptions, openLog } from "../../../adapters/system/log.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";
import { z } from "zod";

const clock = { now: () => Temporal.Instant.from("2026-11-21T19:00:03.25Z") };
const line = z.record(z.string(), z.unknown());

/** What a log that `use` writes to has in its file, and what it echoed. */
function logged(use: (log: ReturnType<typeof openLog>) => void, options: Partial<LogOptions> = {}) {
  using dir = tempDir();
  const echoed: string[] = [];
  const echo = { level: "info", write: (text: string) => echoed.push(text) } as const;
  {
    using log = openLog({ dataDir: dir.path, level: "info", clock, secrets: [], echo, ...options });
    use(log);
  }
  const text = Deno.readTextFileSync(`${dir.path}/logs/tracker.log`);
  const lines = text.split("\n").slice(0, -1).map((one) => line.parse(JSON.parse(one)));
  return { text, lines, echoed };
}

Deno.test("a log is JSON, one event a line, with the time in UTC", () => {
  const { text, lines } = logged((log) => {
    log.info("scrape.stored", { rows: 5, source: "network_json", snapshot_id: null });
    log.error("run.failed", { error: 'two\nlines "quoted"' });
  });
  assert.ok(text.endsWith("\n"));
  assert.deepEqual(lines, [
    {
      at: "2026-11-21T19:00:03.250Z",
      level: "info",
      event: "scrape.stored",
      rows: 5,
      source: "network_json",
      snapshot_id: null,
    },
    { at: "2026-11-21T19:00:03.250Z", level: "error", event: "run.failed", error: 'two\nlines "quoted"' },
  ]);
});

Deno.test("events below the level are not written", () => {
  const all = (level: LogOptions["level"]) =>
    logged((log) => {
      log.debug("d");
      log.info("i");
      log.warn("w");
      log.error("e");
    }, { level }).lines.map(({ event }) => event);
  assert.deepEqual(all("debug"), ["d", "i", "w", "e"]);
  assert.deepEqual(all("info"), ["i", "w", "e"]);
  assert.deepEqual(all("warn"), ["w", "e"]);
  assert.deepEqual(all("error"), ["e"]);
});

Deno.test("people get a shorter line, from their own level on", () => {
  const { echoed } = logged((log) => {
    log.debug("step.succeeded");
    log.info("scrape.stored", { rows: 5, source: "dom_table", snapshot_id: null, pools: ["a b"] });
    log.warn("run.failed", { error: "no answer" });
  }, { level: "debug" });
  assert.deepEqual(echoed, [
    `19:00:03 info  scrape.stored rows=5 source=dom_table pools=["a b"]`,
    `19:00:03 warn  run.failed error="no answer"`,
  ]);
});

Deno.test("secrets and session tokens stand neither in the file nor in what people see", () => {
  const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.s5x";
  const secret = 'pass"word-1';
  const { text, echoed } = logged(
    (log) => log.error("mail.failed", { error: `535 ${secret} rejected`, cookie: token }),
    {
      secrets: [secret],
    },
  );
  for (const written of [text, ...echoed]) {
    assert.ok(!/word-1|eyJ/.test(written), written);
    assert.match(written, /535 \[redacted\] rejected/);
  }
});

Deno.test("a further log goes on in the same file", () => {
  using dir = tempDir();
  for (const event of ["first", "second"]) {
    using log = openLog({ dataDir: dir.path, level: "info", clock, secrets: [] });
    log.info(event);
  }
  const text = Deno.readTextFileSync(`${dir.path}/logs/tracker.log`);
  assert.deepEqual(text.trim().split("\n").map((one) => line.parse(JSON.parse(one))["event"]), ["first", "second"]);
});

Deno.test("a file of 5 MiB is rotated, and five older ones are kept", () => {
  using dir = tempDir();
  {
    using log = openLog({ dataDir: dir.path, level: "info", clock, secrets: [] });
    const mebibyte = "x".repeat(1024 * 1024);
    for (let number = 0; number < 36; number++) log.info("big", { number, mebibyte });
  }
  const files = [...Deno.readDirSync(`${dir.path}/logs`)].map(({ name }) => name).sort();
  assert.deepEqual(files, ["tracker.log", ...[1, 2, 3, 4, 5].map((number) => `tracker.log.${number}`)]);
  for (const name of files) assert.ok(Deno.statSync(`${dir.path}/logs/${name}`).size <= 5 * 1024 * 1024, name);
  const newest = Deno.readTextFileSync(`${dir.path}/logs/tracker.log`).trim().split("\n").at(-1) ?? "";
  assert.equal(line.parse(JSON.parse(newest))["number"], 35);
});

Deno.test({
  name: "the log's folder is closed to other users",
  ignore: Deno.build.os === "windows",
  fn() {
    using dir = tempDir();
    openLog({ dataDir: dir.path, level: "info", clock, secrets: [] }).close();
    assert.equal((Deno.statSync(`${dir.path}/logs`).mode ?? 0) & 0o777, 0o700);
  },
});
