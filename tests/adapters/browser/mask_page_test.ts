/// <reference lib="dom" />
import { maskPage, photograph } from "../../../adapters/browser/failed_page.ts";
import { launchBrowser } from "../../../adapters/browser/launch.ts";
import { BROWSER_PATH } from "../../browser.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

const HTML = `<!doctype html><title>Usage</title>
<p id="plain">Signed in as ada.l@example.test today</p>
<p id="spread"><span>ada.l</span>@<b>example</b>.test</p>
<p id="token">key_0123456789abcdefgh</p>
<p id="figures">5 models, $12.34 @ 3 %</p>
<input id="typed" value="initial"><textarea id="area">note</textarea><input type="submit" value="Sign in">
<input id="hint" placeholder="ada.l@example.test">
<div id="host"></div>
<script>
  document.querySelector("#typed").value = "my password";
  const shadow = document.querySelector("#host").attachShadow({ mode: "open" });
  shadow.innerHTML = "<i>grace@example.test</i>";
  setInterval(() => document.querySelector("#plain").textContent = "back: ada.l@example.test", 1);
</script>`;

async function withPage(use: (page: Page) => Promise<void>): Promise<void> {
  using folder = tempDir();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(HTML, { headers: { "content-type": "text/html" } }),
  );
  const browser = await launchBrowser({
    executablePath: BROWSER_PATH,
    profileDir: `${folder.path}/profile`,
    headless: true,
  });
  try {
    const page = await browser.context.newPage();
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    await use(page);
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

Deno.test("a failed page is masked before its picture is taken, and its own scripts put nothing back", async () => {
  await withPage(async (page) => {
    const failed = await photograph(page, { clean: (text) => text });
    assert.deepEqual([...failed?.screenshot?.subarray(1, 4) ?? []], [..."PNG"].map((char) => char.charCodeAt(0)));
    assert.ok(!failed?.html?.includes("@example"), "no address in the DOM");
    const shown = () => page.evaluate(() => document.body.innerText);
    const first = await shown();
    assert.ok(!/ada\.l|grace@|key_0123/.test(first), first);
    assert.match(first, /5 models, \$12\.34 @ 3 %/);
    assert.equal(await shown(), first, "the page's timer does not run any more");
  });
});

Deno.test("maskPage() empties what was typed, and masks addresses that are spread over elements or in a shadow tree", async () => {
  await withPage(async (page) => {
    await maskPage(page);
    const seen = await page.evaluate(() => {
      const value = (id: string) => document.querySelector<HTMLInputElement>(id)?.value;
      return {
        typed: value("#typed"),
        area: value("#area"),
        submit: value("[type=submit]"),
        hint: document.querySelector("#hint")?.getAttribute("placeholder"),
        spread: document.querySelector("#spread")?.textContent,
        token: document.querySelector("#token")?.textContent,
        shadow: document.querySelector("#host")?.shadowRoot?.textContent,
      };
    });
    assert.deepEqual(seen, {
      typed: "",
      area: "",
      submit: "Sign in",
      hint: "[e-mail]",
      spread: "[e-mail]",
      token: "[redacted]",
      shadow: "[e-mail]",
    });
  });
});
