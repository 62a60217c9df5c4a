import { findBrowser } from "../adapters/cursor_web/find_browser.ts";
import { onboard, type OnboardEnd, requireScreen } from "../adapters/cursor_web/onboard.ts";
import type { Config } from "../domain/config.ts";

/** Opens a window for the login, with the configured profile and browser. */
export async function openLoginWindow(
  { usageUrl, profileDir, browserPath, dataDir }: Config,
  { say, interrupted }: { say: (text: string) => void; interrupted: AbortSignal },
): Promise<OnboardEnd> {
  requireScreen(Deno.env.toObject());
  const executablePath = await findBrowser({ browserPath, path: Deno.env.get("PATH") ?? "", dataDir });
  return await onboard({ usageUrl, profileDir, executablePath, say, signal: interrupted });
}
