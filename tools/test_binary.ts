import { findOrInstallBrowser } from "../adapters/browser/install_browser.ts";
import { compile } from "./compile_binary.ts";

// `deno task test:binary`: runs the end-to-end tests against the compiled binary. Each test runs it in an empty folder
// with an empty environment. Nothing may be written beside the code: the project's files are compared before and after.
const ROOT = new URL("..", import.meta.url).pathname;
const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));

Deno.exit(await main());

async function main(): Promise<number> {
  const browserPath = await findOrInstallBrowser({ say, browserPath: Deno.env.get("BROWSER_PATH") ?? null });
  const folder = await Deno.makeTempDir({ prefix: "tracker-binary-" });
  try {
    const binary = `${folder}/tracker`;
    const { success, errors } = await compile({ output: binary, quiet: true });
    if (!success) {
      say(`The binary could not be compiled:\n${errors}`);
      return 1;
    }
    const before = await filesOf(ROOT);
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--allow-all", "--quiet", ...(Deno.args.length > 0 ? Deno.args : ["tests/e2e/"])],
      cwd: ROOT,
      env: { TRACKER_BINARY: binary, BROWSER_PATH: browserPath, NO_COLOR: "1" },
    }).spawn().status;
    const changed = differences(before, await filesOf(ROOT));
    if (changed.length > 0) say(`The binary wrote beside the code:\n${changed.map((path) => `  ${path}\n`).join("")}`);
    return code === 0 && changed.length > 0 ? 1 : code;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Each file that git tracks or would, with its size and time. */
async function filesOf(root: string): Promise<Map<string, string>> {
  const { stdout } = await new Deno.Command("git", {
    args: ["ls-files", "--cached", "--others", "--exclude-standard"],
    cwd: root,
  }).output();
  const files = new Map<string, string>();
  for (const path of new TextDecoder().decode(stdout).split("\n").filter((path) => path !== "")) {
    const info = await Deno.stat(`${root}${path}`).catch(() => null);
    if (info !== null) files.set(path, `${info.size} ${info.mtime?.getTime()}`);
  }
  return files;
}

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path));
}
