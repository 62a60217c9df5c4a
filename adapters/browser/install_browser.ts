import { browsersDir, findBrowser } from "./find_browser.ts";

/** The Playwright that this program was built with: its installer brings the Chromium that fits. */
const PLAYWRIGHT = "playwright-core@1.65.1";
const DOWNLOAD_LIMIT_MS = 300_000;
const CHECK_LIMIT_MS = 20_000;

/** What the search and the installation say. */
interface InstallOptions {
  readonly say: (text: string) => void;
  readonly browserPath: string | null;
  /** DATA_DIR: Playwright's installer puts its browser below it. Null leaves that to Playwright. */
  readonly dataDir?: string | null;
  /** Whether what `--version` printed is good enough. Default: whatever starts is. */
  readonly isUsable?: (version: string) => boolean;
}

/**
 * A browser that starts: one that is there, else one brought by Playwright's installer, else by apt as root.
 * @throws CaptureFailed with outcome `no_browser` where none could be had.
 */
export async function findOrInstallBrowser(options: InstallOptions): Promise<string> {
  const { say, browserPath, dataDir = null, isUsable = () => true } = options;
  const places = { browserPath, path: Deno.env.get("PATH") ?? "", dataDir };
  const search = () => findBrowser(places);
  if (browserPath !== null) return await search();
  const present = await workingBrowser(search, isUsable);
  if (present !== null) {
    say(`Found a browser: ${present}`);
    return present;
  }
  for (const { name, command, args, isPossible } of INSTALLERS) {
    if (!isPossible()) continue;
    say(`No browser that works is here. Installing Chromium ${name}…`);
    const env = dataDir === null ? {} : { PLAYWRIGHT_BROWSERS_PATH: browsersDir(dataDir) };
    const { success } = await runQuietly(command, { args, env, limitMs: DOWNLOAD_LIMIT_MS });
    const found = success ? await workingBrowser(search, isUsable) : null;
    if (found !== null) {
      say(`Installed: ${found}`);
      return found;
    }
    say("That did not bring a browser that works.");
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
    // Where there is no npx, this program's own runtime can run the installer, unless it is compiled in.
    name: `by Playwright's installer (deno run npm:${PLAYWRIGHT} install chromium)`,
    command: Deno.execPath(),
    args: ["run", "--allow-all", "--quiet", "--no-config", "--no-lock", `npm:${PLAYWRIGHT}`, "install", "chromium"],
    isPossible: () => !Deno.build.standalone,
  },
  {
    name: "by apt (apt-get install chromium)",
    command: "sh",
    args: ["-c", "apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation"],
    isPossible: () => Deno.build.os === "linux" && Deno.uid() === 0,
  },
  {
    name: "by dnf (dnf install chromium)",
    command: "dnf",
    args: ["-y", "-q", "install", "chromium"],
    isPossible: () => Deno.build.os === "linux" && Deno.uid() === 0,
  },
  {
    name: "by Homebrew (brew install --cask chromium)",
    command: "brew",
    args: ["install", "--cask", "--quiet", "chromium"],
    isPossible: () => Deno.build.os === "darwin",
  },
  {
    name: "by winget (winget install Google.Chrome)",
    command: "winget",
    args: ["install", "--id", "Google.Chrome", "--silent", "--accept-package-agreements", "--accept-source-agreements"],
    isPossible: () => Deno.build.os === "windows",
  },
];

/** The browser that the search finds, if it starts: libraries that it needs may be missing. */
async function workingBrowser(
  search: () => Promise<string>,
  isUsable: (version: string) => boolean,
): Promise<string | null> {
  let path: string;
  try {
    path = await search();
  } catch {
    return null; // there is none: that is what the installers are for
  }
  const { success, text } = await runQuietly(path, { args: ["--version"], env: {}, limitMs: CHECK_LIMIT_MS });
  return success && isUsable(text) ? path : null;
}

async function runQuietly(
  command: string,
  { args, env, limitMs }: { args: readonly string[]; env: Record<string, string>; limitMs: number },
): Promise<{ success: boolean; text: string }> {
  try {
    const { success, stdout } = await new Deno.Command(command, {
      args: [...args],
      env: { DEBIAN_FRONTEND: "noninteractive", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      signal: AbortSignal.timeout(limitMs),
    }).output();
    return { success, text: new TextDecoder().decode(stdout) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
      return { success: false, text: "" };
    }
    throw error;
  }
}
