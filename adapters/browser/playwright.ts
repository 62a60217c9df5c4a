/**
 * Playwright, loaded when a browser is first needed. At import it asks whether it runs under WSL by looking into /proc/sys,
 * which a Deno program may do only with every permission, FFI included; its own switch puts the question off.
 */
export async function loadChromium() {
  Deno.env.set("__IS_WSL_TEST__", "1");
  const { chromium } = await import("playwright-core");
  return chromium;
}
