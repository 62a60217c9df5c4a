import { CaptureFailed } from "../../domain/capture/outcome.ts";
import { entriesIn, isFile } from "../files/files.ts";
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
  "org.chromium.Chromium",
] as const;

const USUAL_PLACES: Readonly<Record<string, readonly string[]>> = {
  linux: [
    "/usr/bin",
    "/usr/local/bin",
    "/snap/bin",
    "/var/lib/flatpak/exports/bin",
    "/usr/lib/chromium",
    "/usr/lib64/chromium-browser",
    "/opt/google/chrome",
    "/opt/microsoft/msedge",
  ],
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
  /** DATA_DIR: 'tracker doctor --fix' puts a browser below it. Null looks nowhere. */
  readonly dataDir?: string | null;
  readonly os?: string;
  /** The person's own folder, and on Windows the one for programs of their own. Default: those of the environment. */
  readonly home?: string | null;
  readonly localAppData?: string | null;
  /** Where Playwright keeps its own Chromium; null where it has none. */
  readonly playwrightPath?: string | null;
}

/** Where Playwright's installer is told to put its browsers. */
export function browsersDir(dataDir: string): string {
  return `${dataDir}/browsers`;
}

/**
 * The browser to use: BROWSER_PATH, else one that was installed below DATA_DIR, else the first of PATH, the system's usual
 * places and Playwright's own.
 * @throws CaptureFailed with outcome `no_browser` where there is none, or where BROWSER_PATH names no file.
 */
export async function findBrowser(places: BrowserPlaces): Promise<string> {
  if (places.browserPath !== null) {
    if (isSeenFile(places.browserPath)) return places.browserPath;
    throw new CaptureFailed(`There is no browser at BROWSER_PATH: ${places.browserPath}`, {
      outcome: "no_browser",
      hint: "Set BROWSER_PATH to the file of a Chrome, Chromium or Edge, or unset it to have one looked for.",
    });
  }
  const { dataDir = null } = places;
  const installed = dataDir === null ? null : firstFile(installedBelow(browsersDir(dataDir)));
  const found = installed ?? firstFile(candidates(places));
  if (found !== null) return found;
  const { playwrightPath = await playwrightChromium() } = places;
  if (playwrightPath !== null && isSeenFile(playwrightPath)) return playwrightPath;
  throw new CaptureFailed("No Chromium, Chrome or Edge was found on this machine.", { outcome: "no_browser" });
}

function* candidates(places: BrowserPlaces) {
  const { path, os = Deno.build.os } = places;
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
  yield* ownPlaces(os, places);
}

/** Where a browser is that a person installed for themselves alone. */
function ownPlaces(
  os: string,
  { home = Deno.env.get("HOME") ?? null, localAppData = Deno.env.get("LOCALAPPDATA") ?? null }: BrowserPlaces,
): string[] {
  if (os === "darwin" && home !== null) return (USUAL_PLACES["darwin"] ?? []).map((place) => `${home}${place}`);
  if (os !== "windows" || localAppData === null) return [];
  return ["Google\\Chrome", "Chromium", "Microsoft\\Edge"].map((maker) =>
    `${localAppData}\\${maker}\\Application\\${maker.endsWith("Edge") ? "msedge" : "chrome"}.exe`
  );
}

/** Chromium as Playwright's installer lays it down: "chromium-1234/chrome-linux64/chrome"; the newest first. */
function installedBelow(folder: string): string[] {
  const builds = namesIn(folder).filter((name) => /^chromium-\d+$/.test(name))
    .toSorted((a, b) => Number(b.split("-")[1]) - Number(a.split("-")[1]));
  return builds.flatMap((build) =>
    namesIn(`${folder}/${build}`).flatMap((platform) =>
      IN_BUILD.map((place) => `${folder}/${build}/${platform}/${place}`)
    )
  );
}

const IN_BUILD = [
  "chrome",
  "chrome.exe",
  "Chromium.app/Contents/MacOS/Chromium",
  "Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
] as const;

function namesIn(folder: string): string[] {
  return entriesIn(folder).filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
}

async function playwrightChromium(): Promise<string | null> {
  const chromium = await loadChromium();
  try {
    return chromium.executablePath();
  } catch {
    return null; // Playwright knows no build for this platform
  }
}

/** The first of the paths that is a file this user may look at; null where none is. */
export function firstFile(paths: Iterable<string>): string | null {
  for (const path of paths) {
    if (isSeenFile(path)) return path;
  }
  return null;
}

/** Whether there is a file at the path, as far as this user can tell. */
function isSeenFile(path: string): boolean {
  try {
    return isFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return false;
    throw error;
  }
}
