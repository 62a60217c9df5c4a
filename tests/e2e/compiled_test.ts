import { VERSION } from "../../domain/version.ts";
import { currentCommit } from "../../tools/commit.ts";
import { compile } from "../../tools/compile_binary.ts";
import { BROWSER_PATH } from "../browser.ts";
import assert from "node:assert/strict";

const folder = await Deno.makeTempDir({ prefix: "tracker-compiled-" });
const binary = `${folder}/tracker`;
const { success: isCompiled, errors } = await compile({ output: binary, quiet: true });
if (!isCompiled) {
  assert.match(errors, /Setting up base binary/, "only a base binary that cannot be fetched is no fault");
}
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

async function run(args: readonly string[], cwd: string) {
  const { code, stdout, stderr } = await new Deno.Command(binary, {
    args: [...args],
    cwd,
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", HOME: cwd, BROWSER_PATH },
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

Deno.test({
  name: isCompiled
    ? "the compiled binary alone runs the demo in an empty folder"
    : "the compiled binary runs the demo (skipped: `deno compile` can get no base binary here; set DENORT_BIN)",
  ignore: !isCompiled,
  async fn() {
    const cwd = await Deno.makeTempDir({ prefix: "tracker-empty-" });
    try {
      const commit = await currentCommit(new URL("../..", import.meta.url)) ?? "unknown commit";
      assert.equal((await run(["--version"], cwd)).stdout, `tracker ${VERSION} (${commit})\n`);
      const { code, stdout, stderr } = await run(["demo", "--once"], cwd);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /Scrape: stored, 5 models from network_json\./);
      const scrape = await run(["scrape", "--json"], cwd);
      assert.equal(scrape.code, 13, "cursor.com is not reached by tests; the browser did start");
    } finally {
      await Deno.remove(cwd, { recursive: true });
    }
  },
});
