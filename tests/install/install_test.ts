import { ROOT } from "../house/source_files.ts";
import { tempDir } from "../temp_dir.ts";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";

const SYSTEM = Deno.build.os === "darwin" ? "macos" : "linux";
const MACHINE = Deno.build.arch === "aarch64" ? "arm64" : "x64";
const NAME = `tracker-0.1.0-${SYSTEM}-${MACHINE}`;
const PROGRAM = "#!/bin/sh\necho tracker 0.1.0\n";

/** A site of releases that serves these files, and what the script does with it. */
async function install(
  { files, env = {} }: { files: Readonly<Record<string, string>>; env?: Record<string, string> },
) {
  const dir = tempDir();
  const bin = `${dir.path}/bin`;
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    const text = files[pathname.split("/").at(-1) ?? ""];
    return text === undefined ? new Response("no such file", { status: 404 }) : new Response(text);
  });
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: [`${ROOT}install.sh`],
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin",
      HOME: dir.path,
      TRACKER_BASE_URL: `http://127.0.0.1:${server.addr.port}/releases`,
      TRACKER_INSTALL_DIR: bin,
      ...env,
    },
  }).output();
  await server.shutdown();
  const text = new TextDecoder();
  return {
    dir,
    bin,
    asked,
    code,
    stdout: text.decode(stdout),
    stderr: text.decode(stderr),
    [Symbol.dispose]: dir[Symbol.dispose],
  };
}

const sumsOf = (text: string, name = NAME) => `${createHash("sha256").update(text).digest("hex")}  ${name}\n`;
const namesIn = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name);

Deno.test({
  name: "install.sh installs a binary whose checksum is the release's",
  ignore: Deno.build.os === "windows",
  async fn() {
    using done = await install({ files: { SHA256SUMS: sumsOf(PROGRAM), [NAME]: PROGRAM } });
    assert.equal(done.code, 0, done.stderr);
    assert.deepEqual(done.asked, ["/releases/latest/download/SHA256SUMS", `/releases/latest/download/${NAME}`]);
    assert.deepEqual(namesIn(done.bin), ["tracker"]);
    const { stdout } = await new Deno.Command(`${done.bin}/tracker`).output();
    assert.equal(new TextDecoder().decode(stdout), "tracker 0.1.0\n");
  },
});

Deno.test({
  name: "install.sh refuses a tampered binary and installs nothing",
  ignore: Deno.build.os === "windows",
  async fn() {
    using done = await install({ files: { SHA256SUMS: sumsOf(PROGRAM), [NAME]: `${PROGRAM}rm -rf /\n` } });
    assert.equal(done.code, 1);
    assert.match(done.stderr, /Error: the download is not what the release lists/);
    assert.match(done.stderr, /nothing was installed/);
    assert.deepEqual(namesIn(done.bin), [], "nothing is left");
  },
});

Deno.test({
  name: "install.sh says which release or binary is missing",
  ignore: Deno.build.os === "windows",
  async fn() {
    using none = await install({ files: {}, env: { TRACKER_VERSION: "v9.9.9" } });
    assert.equal(none.code, 1);
    assert.deepEqual(none.asked, ["/releases/download/v9.9.9/SHA256SUMS"]);
    assert.match(none.stderr, /SHA256SUMS cannot be fetched/);
    using other = await install({ files: { SHA256SUMS: sumsOf(PROGRAM, "tracker-0.1.0-plan9-x64") } });
    assert.match(other.stderr, new RegExp(`the release has no binary for ${SYSTEM}-${MACHINE}`));
    assert.deepEqual([...namesIn(none.bin), ...namesIn(other.bin)], []);
  },
});

Deno.test({
  name: "install.sh does nothing where only a part of it arrived",
  ignore: Deno.build.os === "windows",
  async fn() {
    const script = await Deno.readTextFile(`${ROOT}install.sh`);
    const part = script.slice(0, script.lastIndexOf("\nmain\n"));
    using dir = tempDir();
    Deno.writeTextFileSync(`${dir.path}/part.sh`, part);
    const { code } = await new Deno.Command("sh", {
      args: [`${dir.path}/part.sh`],
      env: { HOME: dir.path, TRACKER_BASE_URL: "http://127.0.0.1:9" },
    }).output();
    assert.equal(code, 0);
    assert.deepEqual(namesIn(dir.path), ["part.sh"]);
  },
});
