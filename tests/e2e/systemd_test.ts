import { withLoggedIn, withTracker } from "./harness.ts";
import assert from "node:assert/strict";

/** Stands in for systemd: a datagram socket that collects what a service tells. */
async function* messagesAt(socket: Deno.DatagramConn): AsyncGenerator<string> {
  for await (const [bytes] of socket) yield new TextDecoder().decode(bytes);
}

async function waitFor(messages: AsyncGenerator<string>, pattern: RegExp): Promise<string> {
  while (true) {
    const { done, value } = await messages.next();
    if (done === true) throw new Error(`The socket was closed before ${pattern}`);
    if (pattern.test(value)) return value;
  }
}

const isLinux = Deno.build.os === "linux";

Deno.test({
  name: "serve tells systemd when it is ready, what it did, that it lives, and that it stops",
  ignore: !isLinux,
  async fn() {
    const folder = await Deno.makeTempDir();
    const abstract = `tracker-test-${crypto.randomUUID()}`;
    const places = [
      { path: `${folder}/notify`, name: `${folder}/notify` },
      { path: `\0${abstract}`, name: `@${abstract}` },
    ];
    for (const { path, name } of places) {
      const socket = Deno.listenDatagram({ transport: "unixpacket", path });
      const env = { BIND: "127.0.0.1:0", NOTIFY_SOCKET: name, WATCHDOG_USEC: "200000" };
      await withLoggedIn({ env }, async ({ tracker }) => {
        const server = tracker.spawn("serve");
        const ended = server.output();
        const messages = messagesAt(socket);
        const ready = await waitFor(messages, /./);
        assert.match(ready, /^READY=1\nSTATUS=No scrape yet\. Next \d\d:00 UTC\.$/, "nothing comes before it");
        await waitFor(messages, /^WATCHDOG=1$/m);
        await waitFor(messages, /^STATUS=Last scrape \d\d:\d\d UTC: stored\. Next \d\d:00 UTC\.$/m);
        server.kill("SIGTERM");
        await waitFor(messages, /^STOPPING=1$/m);
        assert.equal((await ended).code, 0);
      });
      socket.close();
    }
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "a watchdog of another process is not served, and serve runs on where nobody listens",
  ignore: !isLinux,
  async fn() {
    const env = {
      BIND: "127.0.0.1:0",
      CURSOR_USAGE_URL: "http://127.0.0.1:9/dashboard/usage",
      NOTIFY_SOCKET: "/nonexistent/notify",
      WATCHDOG_USEC: "1000",
      WATCHDOG_PID: "1",
    };
    await withTracker(env, async (tracker) => {
      const server = tracker.spawn("serve");
      const [forText, forEnd] = server.stderr.tee();
      let text = "";
      for await (const chunk of forText.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        if (text.includes("serve.listening") && text.includes("service_manager.call_failed")) break;
      }
      server.kill("SIGTERM");
      assert.equal((await server.status).code, 0);
      await Promise.all([forEnd.cancel(), server.stdout.cancel()]);
      assert.equal(text.match(/service_manager\.call_failed/g)?.length, 1, "no beat follows");
    });
  },
});

Deno.test("service install writes units that say where the person's data is, and uninstall leaves the data", async () => {
  await withTracker({}, async (tracker) => {
    const installed = await tracker.run("service", "install", "--user", "--json");
    if (installed.code !== 0) {
      // A binary that is compiled for a test lies in /tmp, which a hardened service does not see.
      assert.match(installed.stderr, /the service does not see that folder/);
      return;
    }
    const { paths: [path = ""], next_commands: next } = JSON.parse(installed.stdout);
    assert.equal(path, `${tracker.dir}/.config/systemd/user/tracker.service`);
    assert.ok(next.includes("systemctl --user enable --now tracker.service"));
    assert.match(await Deno.readTextFile(path), new RegExp(`DATA_DIR=${tracker.dataDir}`));
    await Deno.writeTextFile(path, "# mine\n");
    for (const command of ["install", "uninstall"]) {
      const { code, stderr } = await tracker.run("service", command, "--user");
      assert.equal(code, 1);
      assert.match(stderr, /it was edited by hand/);
    }
    assert.equal((await tracker.run("service", "uninstall", "--user", "--force")).code, 0);
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
    assert.ok((await Deno.stat(tracker.dataDir)).isDirectory);
    assert.equal((await tracker.run("service", "install", "--user", "--system")).code, 2);
  });
});
