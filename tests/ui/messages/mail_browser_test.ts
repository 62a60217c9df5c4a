import { launchBrowser } from "../../../adapters/browser/launch.ts";
import { renderMessage } from "../../../ui/messages/render.ts";
import { BROWSER_PATH } from "../../browser.ts";
import { tempDir } from "../../temp_dir.ts";
import { MESSAGES } from "./messages.ts";
import assert from "node:assert/strict";

Deno.test("a mail fits a phone, has its colours by light and dark, and loads nothing", async () => {
  using dir = tempDir();
  const browser = await launchBrowser({ executablePath: BROWSER_PATH, profileDir: `${dir.path}/p`, headless: true });
  try {
    const page = await browser.context.newPage();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    const colors = { light: "rgb(255, 255, 255)", dark: "rgb(27, 27, 26)" };
    for (const message of Object.values(MESSAGES)) {
      await page.setViewportSize({ width: 320, height: 600 });
      await page.setContent(renderMessage(message).html);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 320, message.subject);
      for (const scheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        const card = await page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor");
        assert.equal(card, colors[scheme]);
      }
      assert.equal(await page.title(), message.subject);
    }
    // The bars stand on the line, as high as they are said to be.
    await page.setContent(renderMessage(MESSAGES.opened).html);
    const heights = await page.evaluate(
      "[...document.querySelectorAll('td.bar, td.estimated')].map((bar) => Math.round(bar.getBoundingClientRect().height))",
    );
    assert.deepEqual(heights, [18, 41, 50, 9, 5, 45, 36, 54, 32, 68, 75, 84]);
    assert.deepEqual(requests.filter((url) => /^https?:/.test(url)), []);
  } finally {
    await browser.close();
  }
});
