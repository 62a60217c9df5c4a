import { withLoggedIn } from "./harness.ts";
import assert from "node:assert/strict";

Deno.test("each good scrape calls HEARTBEAT_URL, a failed one does not, and a silent monitor fails no scrape", async () => {
  const paths: string[] = [];
  let status = 200;
  const monitor = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    paths.push(new URL(request.url).pathname);
    return new Response(null, { status });
  });
  const env = { HEARTBEAT_URL: `http://127.0.0.1:${monitor.addr.port}/secret-uuid` };
  try {
    await withLoggedIn({ env }, async ({ tracker, sim }) => {
      const stored = await tracker.run("scrape", "--json");
      assert.deepEqual([stored.code, JSON.parse(stored.stdout).outcome], [0, "stored"]);
      const unchanged = await tracker.run("scrape", "--json");
      assert.deepEqual([JSON.parse(unchanged.stdout).outcome, paths], ["unchanged", ["/secret-uuid", "/secret-uuid"]]);
      status = 500;
      const unheard = await tracker.run("scrape", "--json");
      assert.equal(unheard.code, 0);
      assert.equal(paths.length, 4);
      const log = await Deno.readTextFile(`${tracker.dataDir}/logs/tracker.log`);
      assert.match(log, /"level":"warn","event":"heartbeat\.failed"/);
      assert.ok(!log.includes("secret-uuid"));
      sim.expireSessions();
      const failed = await tracker.run("scrape", "--json");
      assert.deepEqual([failed.code, paths.length], [10, 4]);
    });
  } finally {
    await monitor.shutdown();
  }
});
