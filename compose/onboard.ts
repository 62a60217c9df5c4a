import { systemClock } from "../adapters/clock.ts";
import { findBrowser } from "../adapters/cursor_web/find_browser.ts";
import { onboard, type OnboardEnd } from "../adapters/cursor_web/onboard.ts";
import { requireScreen } from "../adapters/cursor_web/screen.ts";
import type { Config } from "../domain/config.ts";

/** Opens a window for the login, with the configured profile and browser. */
export async function openLoginWindow(
  { usageUrl, profileDir, browserPath, browserSandbox: sandbox, dataDir }: Config,
  { say, interrupted }: { say: (text: string) => void; interrupted: AbortSignal },
): Promise<OnboardEnd> {
  requireScreen(Deno.env.toObject());
  const executablePath = await findBrowser({ browserPath, path: Deno.env.get("PATH") ?? "", dataDir });
  return await onboard({
    usageUrl,
    clock: systemClock,
    launch: { executablePath, profileDir, headless: false, sandbox },
    say,
    signal: interrupted,
    onOpen: () => say("A browser window is open. Log in to Cursor there; this command goes on by itself."),
  });
}
