import { findOrInstallBrowser } from "../adapters/browser/install_browser.ts";
import { findOrInstallXvfb } from "./install_xvfb.ts";
import { slowestFiles } from "./slowest_files.ts";

// `deno task test`: finds or installs a browser and a virtual display, runs the tests with them, tells which files took
// longest, and closes with a line that says how many tests there were. `deno task ok` checks the types.
const SUMMARY = /(\d+) passed(?: \([^)]*\))? \| (\d+) failed(?: \| (\d+) ignored)?/g;

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
const browserPath = await findOrInstallBrowser({ say, browserPath: Deno.env.get("BROWSER_PATH") ?? null });
await findOrInstallXvfb(say);
const report = await Deno.makeTempFile({ prefix: "tracker-tests-", suffix: ".xml" });
const child = new Deno.Command(Deno.execPath(), {
  args: ["test", "--allow-all", "--quiet", "--no-check", "--parallel", `--junit-path=${report}`, ...Deno.args],
  env: {
    // More files at once than processors: much of the time goes by in waiting for browsers and servers.
    DENO_JOBS: Deno.env.get("DENO_JOBS") ?? String(navigator.hardwareConcurrency + 2),
    BROWSER_PATH: browserPath,
    NO_COLOR: "1",
  },
  stdout: "piped",
}).spawn();
let output = "";
for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
  output = (output + chunk).slice(-10_000);
  Deno.stdout.writeSync(new TextEncoder().encode(chunk));
}
const { code } = await child.status;
const slowest = slowestFiles(await Deno.readTextFile(report));
await Deno.remove(report);
if (slowest.length > 1) {
  say("The slowest files:");
  for (const { file, seconds, tests } of slowest) say(`${seconds.toFixed(1).padStart(7)} s  ${file} (${tests} tests)`);
}
const [, passed = "0", failed = "0", skipped] = [...output.matchAll(SUMMARY)].at(-1) ?? [];
say(`${passed} passed, ${failed} failed${skipped === undefined ? "" : `, ${skipped} skipped`}`);
Deno.exit(code);
