import type { UsageSite } from "../domain/capture.ts";
import type { Config } from "../domain/config.ts";
import type { Clock } from "../domain/ports.ts";

/** The usage page by Chromium. Playwright is loaded at the first capture: a server that only shows needs none of it. */
export function lazySite(config: Config, clock: Clock): UsageSite {
  return {
    async capture(options) {
      const [{ cursorSite }, { findBrowser }] = await Promise.all([
        import("../adapters/cursor_web/capture.ts"),
        import("../adapters/cursor_web/find_browser.ts"),
      ]);
      const places = { browserPath: config.browserPath, path: Deno.env.get("PATH") ?? "" };
      const site = cursorSite({
        usageUrl: config.usageUrl,
        profileDir: config.profileDir,
        findBrowser: () => findBrowser(places),
        clock,
        timeoutMs: config.scrapeTimeoutMs,
      });
      return await site.capture(options);
    },
  };
}
