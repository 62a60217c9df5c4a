import { findBrowser } from "./find_browser.ts";

/** The Playwright that this program was built with: its installer brings the Chromium that fits. */
const PLAYWRIGHT = "playwright-core@1.65.1";
const DOWNLOAD_LIMIT_MS = 300_000;
const CHECK_LIMIT_MS = 20_000;

/** What the search and the installation say. */
export interface InstallOptions {
  readonly say: (text: string) => void;
  readonly browserPath: string | null;
}

/**
 * A browser that starts: one that is there, else one brought by Playwright's installer, else by apt as root.
 * @throws CaptureFailed with outcome `no_browser` where none could be had.
 */
export async function findOrInstallBrowser({ say, browserPath }: InstallOptions): Promise<string> {
  const places = { browserPath, path: Deno.env.get("PATH") ?? "" };
  const search = () => findBrowser(places);
  if (browserPath !== null) return await search();
  const present = await workingBrowser(search);
  if (present !== null) {
    say(`Found a browser: ${present}`);
    return present;
  }
  for (const { name, command, args, isPossible } of INSTALLERS) {
    if (!isPossible()) continue;
    say(`No browser that starts is here. Installing Chromium ${name}…`);
    const isInstalled = await runQuietly(command, { args, limitMs: DOWNLOAD_LIMIT_MS });
    const found = isInstalled ? await workingBrowser(search) : null;
    if (found !== null) {
      say(`Installed: ${found}`);
      return found;
    }
    say("That did not bring a browser that starts.");
  }
  return await search();
}

const isUnix = () => Deno.build.os !== "windows";

const INSTALLERS: readonly {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly isPossible: () => boolean;
}[] = [
  {
    name: `by Playwright's installer (npx ${PLAYWRIGHT} install chromium)`,
    command: isUnix() ? "npx" : "npx.cmd",
    args: ["-y", PLAYWRIGHT, "install", "chromium"],
    isPossible: () => true,
  },
  {
    name: "by apt (apt-get install chromium)",
    command: "sh",
    args: ["-c", "apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation"],
    isPossible: () => Deno.build.os === "linux" && Deno.uid() === 0,
  },
];

/** The browser that the search finds, if it starts: libraries that it needs may be missing. */
async function workingBrowser(search: () => Promise<string>): Promise<string | null> {
  let path: string;
  try {
    path = await search();
  } catch {
    return null; // there is none: that is what the installers are for
  }
  return await runQuietly(path, { args: ["--version"], limitMs: CHECK_LIMIT_MS }) ? path : null;
}

async function runQuietly(
  command: string,
  { args, limitMs }: { args: readonly string[]; limitMs: number },
): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, {
      args: [...args],
      env: { DEBIAN_FRONTEND: "noninteractive" },
      stdin: "null",
      stdout: "null",
      stderr: "null",
      signal: AbortSignal.timeout(limitMs),
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
