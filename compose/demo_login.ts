import type { BrowserSandbox } from "../domain/config.ts";
import type { CursorSim } from "../fixtures/cursor_sim/mod.ts";

/** Logs the profile in through the simulated site's login form. */
export async function logInToSim(
  { browserPath, profileDir, sim, sandbox = "on" }: {
    browserPath: string;
    profileDir: string;
    sandbox?: BrowserSandbox;
    sim: Pick<CursorSim, "usageUrl" | "email" | "password">;
  },
): Promise<void> {
  const { launchBrowser } = await import("../adapters/cursor_web/launch.ts");
  const browser = await launchBrowser({ executablePath: browserPath, profileDir, headless: true, sandbox });
  try {
    const page = browser.context.pages()[0] ?? await browser.context.newPage();
    await page.goto(sim.usageUrl);
    await page.getByLabel("Email").fill(sim.email);
    await page.getByLabel("Password").fill(sim.password);
    await page.getByRole("button").click();
    await page.getByRole("row").nth(1).waitFor();
  } finally {
    await browser.close();
  }
}
