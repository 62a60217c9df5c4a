import { findXvfb, plainUserAgent, startVirtualDisplay } from "../../../../adapters/browser/remote/display.ts";
import { withTempDir } from "../../../temp_dir.ts";
import assert from "node:assert/strict";

const xvfb = findXvfb({ path: Deno.env.get("PATH") ?? "" });

async function script(folder: string, lines: string): Promise<string> {
  const path = `${folder}/program`;
  await Deno.writeTextFile(path, `#!/bin/sh\n${lines}\n`);
  await Deno.chmod(path, 0o755);
  return path;
}

Deno.test("findXvfb() looks on PATH, and on Linux only", async () => {
  await withTempDir(async (folder) => {
    await Deno.writeTextFile(`${folder}/Xvfb`, "");
    assert.equal(findXvfb({ path: `/nowhere:${folder}`, os: "linux" }), `${folder}/Xvfb`);
    assert.equal(findXvfb({ path: folder, os: "darwin" }), null);
  });
});

Deno.test({
  name: "startVirtualDisplay() makes a screen whose key others cannot read, and takes both away again",
  ignore: xvfb === null,
  async fn() {
    await withTempDir(async (folder) => {
      const display = await startVirtualDisplay(xvfb ?? "", { folder });
      const { DISPLAY, XAUTHORITY } = display.env;
      assert.match(DISPLAY, /^:\d+$/);
      assert.equal((await Deno.stat(XAUTHORITY)).mode ?? 0, 0o100600);
      const socket = `/tmp/.X11-unix/X${DISPLAY.slice(1)}`;
      assert.ok((await Deno.stat(socket)).isSocket);
      await display.stop();
      assert.deepEqual([...Deno.readDirSync(folder)], []);
      await assert.rejects(Deno.stat(socket), Deno.errors.NotFound);
    });
  },
});

Deno.test({
  name: "startVirtualDisplay() names the program that did not start, and leaves nothing",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withTempDir(async (folder) => {
      const program = await script(folder, "exit 1");
      await assert.rejects(startVirtualDisplay(program, { folder }), { message: `${program} did not start` });
      assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["program"]);
    });
  },
});

Deno.test({
  name: "plainUserAgent() is that of a browser with a window; unknown versions have none",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withTempDir(async (folder) => {
      const chromium = await script(folder, `echo "Chromium 156.0.8078.79 built on Debian"`);
      assert.equal(
        await plainUserAgent(chromium, "linux"),
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
      );
      assert.equal(await plainUserAgent(chromium, "plan9"), null);
      assert.equal(await plainUserAgent(await script(folder, "echo hello"), "linux"), null);
      assert.equal(await plainUserAgent(`${folder}/missing`, "linux"), null);
    });
  },
});
