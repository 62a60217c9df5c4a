import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";

const PROGRAM = `
  import { findOrInstallBrowser } from "${new URL("../../../adapters/browser/install_browser.ts", import.meta.url)}";
  const [dataDir] = Deno.args;
  const isUsable = (text) => Number(/ (\\d+)\\./.exec(text)?.[1]) >= 120;
  console.log(await findOrInstallBrowser({ say: console.log, browserPath: null, dataDir, isUsable }));
`;

/** An executable of its own. */
function script(path: string, text: string): void {
  Deno.mkdirSync(path.replace(/\/[^/]*$/, ""), { recursive: true });
  Deno.writeTextFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

Deno.test({
  name: "where the only browser is too old, Playwright's installer brings another one into DATA_DIR",
  ignore: Deno.build.os === "windows",
  async fn() {
    using dir = tempDir();
    script(`${dir.path}/bin/chromium`, "echo Chromium 90.0.1");
    // In the place of npx: it lays down a browser where the real installer would, and notes what it was asked for.
    script(
      `${dir.path}/bin/npx`,
      `echo "$@" > ${dir.path}/asked
folder="$PLAYWRIGHT_BROWSERS_PATH/chromium-1217/chrome-linux64"
/bin/mkdir -p "$folder"
printf '#!/bin/sh\\necho Chromium 140.0.1\\n' > "$folder/chrome"
/bin/chmod 755 "$folder/chrome"`,
    );
    Deno.writeTextFileSync(`${dir.path}/program.ts`, PROGRAM);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--allow-all",
        "--quiet",
        `--config=${new URL("../../../deno.json", import.meta.url).pathname}`,
        `${dir.path}/program.ts`,
        `${dir.path}/data`,
      ],
      env: { PATH: `${dir.path}/bin` },
    }).output();
    const installed = `${dir.path}/data/browsers/chromium-1217/chrome-linux64/chrome`;
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    assert.deepEqual(lines.slice(-2), [`Installed: ${installed}`, installed], new TextDecoder().decode(stderr));
    assert.match(lines[0] ?? "", /^No browser that works is here\. Installing Chromium by Playwright's installer/);
    assert.match(Deno.readTextFileSync(`${dir.path}/asked`), /^-y playwright-core@[\d.]+ install chromium\n$/);
  },
});
