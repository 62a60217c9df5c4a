import type { UsageSite } from "../domain/capture/capture.ts";
import type { Clock } from "../domain/clock.ts";
import type { Config } from "../domain/config.ts";
import { thisProgram } from "./this_program.ts";

/** Where a capture works: a one-off command needs no process of its own for it, a server that runs for years does. */
export type CaptureIn = "this_process" | "child_process";

/** The argument that makes this program the child process of one capture; no command of its own. */
export const CAPTURE_CHILD = "capture-child";

/** The usage page by Chromium. Its library is loaded at the first capture: a server that only shows needs none of it. */
export function lazySite(config: Config, { clock, captureIn }: { clock: Clock; captureIn: CaptureIn }): UsageSite {
  const { usageUrl, profileDir, browserPath, scrapeTimeoutMs: timeoutMs, dataDir, storeEmail } = config;
  const browser = { profileDir, timeoutMs, sandbox: config.browserSandbox };
  return {
    async capture(options) {
      if (captureIn === "child_process") {
        const { childSite } = await import("../adapters/browser/child_site.ts");
        const request = { usageUrl: usageUrl.href, ...browser, browserPath, dataDir, storeEmail };
        return await childSite(captureProgram(), request).capture(options);
      }
      const [{ cursorSite }, { findBrowser }, { accountNamer }] = await Promise.all([
        import("../adapters/browser/capture.ts"),
        import("../adapters/browser/find_browser.ts"),
        import("../adapters/browser/account_name.ts"),
      ]);
      const places = { browserPath, path: Deno.env.get("PATH") ?? "", dataDir };
      const accountOf = accountNamer({ dataDir, storeEmail });
      const find = () => findBrowser(places);
      const site = cursorSite({ usageUrl, ...browser, findBrowser: find, clock, accountOf });
      return await site.capture(options);
    },
  };
}

/** The child's work. */
export async function runCaptureChild(options: { interrupted: AbortSignal }): Promise<void> {
  const { captureChild } = await import("../adapters/browser/capture_child.ts");
  await captureChild(options);
}

function captureProgram(): { command: string; args: string[] } {
  const { command, args } = thisProgram();
  return { command, args: [...args, CAPTURE_CHILD] };
}
