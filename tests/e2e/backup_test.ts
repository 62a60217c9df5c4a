import { withLoggedIn } from "./harness.ts";
import { startTextReader } from "./text_reader.ts";
import assert from "node:assert/strict";

Deno.test("data is backed up beside a running server, lost, and restored; the nightly backup is made, too", async () => {
  await withLoggedIn({ env: { BIND: "127.0.0.1:0" } }, async ({ tracker }) => {
    const json = async (...args: string[]) => {
      const { code, stdout, stderr } = await tracker.run(...args, "--json");
      return { code, stderr, body: stdout === "" ? null : JSON.parse(stdout) };
    };
    await Deno.mkdir(tracker.dataDir);
    await Deno.writeTextFile(`${tracker.dataDir}/config.yaml`, "billing:\n  page_size: 50\n");
    const server = tracker.spawn("serve");
    const log = startTextReader(server.stderr);
    await log.waitFor(/scrape\.stored/);
    await log.waitFor(/backup\.written/);
    assert.equal((await json("budget", "set", "20")).code, 0);
    const before = (await json("status")).body;

    const written = await json("backup", `${tracker.dir}/b.tar.gz`);
    assert.equal(written.code, 0, written.stderr);
    assert.deepEqual(written.body.entries.map(({ name }: { name: string }) => name), ["tracker.db", "config.yaml"]);
    const busy = await json("restore", `${tracker.dir}/b.tar.gz`, "--yes");
    assert.equal(busy.code, 15);
    assert.match(busy.stderr, /Error: Cannot restore into .* as process \d+ serves it\nTry: /);
    server.kill("SIGTERM");
    await server.status;
    await Promise.all([log.ended, server.stdout.cancel()]);
    const nightly = [...Deno.readDirSync(`${tracker.dataDir}/backups`)].map(({ name }) => name);
    assert.equal(nightly.length, 1);
    assert.match(nightly[0] ?? "", /^tracker-\d{8}T\d{6}Z\.tar\.gz$/);

    assert.equal((await json("budget", "set", "99")).code, 0);
    const asked = await json("restore", `${tracker.dir}/b.tar.gz`);
    assert.equal(asked.code, 2);
    assert.match(asked.stderr, /nobody to ask; nothing was changed/);
    assert.equal((await json("restore", `${tracker.dir}/b.tar.gz`, "--check")).body.restored, false);
    const restored = await json("restore", `${tracker.dir}/b.tar.gz`, "--yes");
    assert.equal(restored.code, 0, restored.stderr);
    const kept = [...Deno.readDirSync(restored.body.kept_in)].map(({ name }) => name).sort();
    assert.deepEqual(kept, ["config.yaml", "tracker.db"]);
    const after = (await json("status")).body;
    assert.equal(after.budget_cents, 2_000);
    assert.equal(after.spend_micros, before.spend_micros);
    assert.deepEqual((await json("integrity")).body, { ok: true, problems: [] });
  });
});
