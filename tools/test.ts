import { findOrInstallBrowser } from "../adapters/browser/install_browser.ts";
import { findOrInstallXvfb } from "./install_xvfb.ts";

// `deno task test`: finds or installs a browser and a virtual display, runs the tests with them, and closes with a line
// that says how many.
const SUMMARY = /(\d+) passed(?: \([^)]*\))? \| (\d+) failed(?: \| (\d+) ignored)?/g;

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
const browserPath = await findOrInstallBrowser({ say, browserPath: Deno.env.get("BROWSER_PATH") ?? null });
await findOrInstallXvfb(say);
const child = new Deno.Command(Deno.execPath(), {
  // In parallel: much of the time goes by in waiting for browsers and servers.
  args: ["test", "--allow-all", "--quiet", "--parallel", ...Deno.args],
  env: { BROWSER_PATH: browserPath, NO_COLOR: "1" },
  stdout: "piped",
}).spawn();
let output = "";
for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
  output = (output + chunk).slice(-10_000);
  Deno.stdout.writeSync(new TextEncoder().encode(chunk));
}
const { code } = await child.status;
const [, passed = "0", failed = "0", skipped] = [...output.matchAll(SUMMARY)].at(-1) ?? [];
say(`${passed} passed, ${failed} failed${skipped === undefined ? "" : `, ${skipped} skipped`}`);
Deno.exit(code);
