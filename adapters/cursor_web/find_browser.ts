import { CaptureFailed } from "../../domain/capture_failed.ts";
import { firstFile, isFile } from "./first_file.ts";
import { loadChromium } from "./playwright.ts";

const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
  "chrome",
  "microsoft-edge-stable",
  "microsoft-edge",
  "msedge",
] as const;

const USUAL_PLACES: Readonly<Record<string, readonly string[]>> = {
  linux: ["/usr/bin", "/usr/local/bin", "/snap/bin", "/opt/google/chrome", "/opt/microsoft/msedge"],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
  windows: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
    "C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe",
  ],
};

/** What the search looks at; a test gives its own. */
export interface BrowserPlaces {
  /** BROWSER_PATH: where it is set, nothing else is tried. */
  readonly browserPath: string | null;
  /** PATH as the environment has it. */
  readonly path: string;
  readonly os?: string;
  /** Where Playwright keeps its own Chromium; null where it has none. */
  readonly playwrightPath?: string | null;
}

/**
 * The browser to use: BROWSER_PATH, else the first of PATH, the system's usual places and Playwright's own.
 * @throws CaptureFailed with outcome `no_browser` where there is none, or where BROWSER_PATH names no file.
 */
export async function findBrowser(places: BrowserPlaces): Promise<string> {
  if (places.browserPath !== null) {
    if (isFile(places.browserPath)) return places.browserPath;
    throw new CaptureFailed(`There is no browser at BROWSER_PATH: ${places.browserPath}`, {
      outcome: "no_browser",
      hint: "Set BROWSER_PATH to the file of a Chrome, Chromium or Edge, or unset it to have one looked for.",
    });
  }
  const found = firstFile(candidates(places));
  if (found !== null) return found;
  const { playwrightPath = await playwrightChromium() } = places;
  if (playwrightPath !== null && isFile(playwrightPath)) return playwrightPath;
  throw new CaptureFailed("No Chromium, Chrome or Edge was found on this machine.", { outcome: "no_browser" });
}

function* candidates({ path, os = Deno.build.os }: BrowserPlaces) {
  const separator = os === "windows" ? ";" : ":";
  const suffix = os === "windows" ? ".exe" : "";
  const folders = path.split(separator).filter((folder) => folder !== "");
  for (const folder of folders) {
    for (const name of NAMES) yield `${folder}/${name}${suffix}`;
  }
  for (const place of USUAL_PLACES[os] ?? []) {
    if (os === "linux") { for (const name of NAMES) yield `${place}/${name}`; }
    else yield place;
  }
}

async function playwrightChromium(): Promise<string | null> {
  const chromium = await loadChromium();
  try {
    return chromium.executablePath();
  } catch {
    return null; // Playwright knows no build for this platform
  }
}
