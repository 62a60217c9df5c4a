import { firstFile } from "../find_browser.ts";

const SCREEN = "1600x1200x24";
const START_LIMIT_MS = 10_000;
const COOKIE_NAME = "MIT-MAGIC-COOKIE-1";

/** A screen without a monitor, which only programs that get its environment can use. */
export interface VirtualDisplay {
  readonly env: { readonly DISPLAY: string; readonly XAUTHORITY: string };
  /** Ends it. Never throws. */
  stop(): Promise<void>;
}

/** Where Xvfb is; null where it is not installed, or where the system has no X. */
export function findXvfb({ path, os = Deno.build.os }: { path: string; os?: string }): string | null {
  if (os !== "linux") return null;
  return firstFile(
    `${path}:/usr/bin:/usr/local/bin`.split(":").filter((dir) => dir !== "").map((dir) => `${dir}/Xvfb`),
  );
}

/**
 * Starts Xvfb on a free display, closed to everybody who has not the key in a file of its own. It ends by itself when its
 * last window is gone, so that it does not outlive this process. `folder` gets the key's file, for as long as it runs.
 * @throws Error where it does not start.
 */
export async function startVirtualDisplay(xvfb: string, { folder }: { folder: string }): Promise<VirtualDisplay> {
  const XAUTHORITY = `${await Deno.realPath(folder)}/display-${Deno.pid}.key`;
  await Deno.writeFile(XAUTHORITY, authorityFile(crypto.getRandomValues(new Uint8Array(16))), { mode: 0o600 });
  const child = new Deno.Command(xvfb, {
    args: ["-displayfd", "1", "-screen", "0", SCREEN, "-auth", XAUTHORITY, "-nolisten", "tcp", "-terminate"],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const stop = async () => {
    killQuietly(child);
    await child.status;
    await Deno.remove(XAUTHORITY).catch(() => undefined); // without its screen the key opens nothing
  };
  const number = await displayNumber(child);
  if (number !== null) return { env: { DISPLAY: `:${number}`, XAUTHORITY }, stop };
  await stop();
  throw new Error(`${xvfb} did not start`);
}

/** The number that it writes once it is ready; null where it ends or takes too long. */
async function displayNumber(child: Deno.ChildProcess): Promise<string | null> {
  const timer = setTimeout(() => killQuietly(child), START_LIMIT_MS);
  let text = "";
  try {
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      text += value ?? "";
      const number = /^(\d+)\n/.exec(text)?.[1];
      if (number === undefined && !done) continue;
      await reader.cancel();
      return number ?? null;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** One entry for every display, as X reads it: family, address, number, name, key, each with its length before it. */
function authorityFile(key: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode(COOKIE_NAME);
  const anyFamily = [0xff, 0xff];
  return Uint8Array.from([...anyFamily, 0, 0, 0, 0, 0, name.length, ...name, 0, key.length, ...key]);
}

function killQuietly(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGTERM");
  } catch {
    // It ended by itself.
  }
}

const CHECK_LIMIT_MS = 10_000;

const PLATFORMS: Readonly<Record<string, string>> = {
  linux: "X11; Linux x86_64",
  darwin: "Macintosh; Intel Mac OS X 10_15_7",
  windows: "Windows NT 10.0; Win64; x64",
};

/**
 * The User-Agent that this browser sends when it has a window; without one it calls itself "HeadlessChrome", which some
 * sites' logins refuse. Null where the version cannot be told.
 */
export async function plainUserAgent(executablePath: string, os: string = Deno.build.os): Promise<string | null> {
  const platform = PLATFORMS[os];
  const major = /(\d+)\.\d+\.\d+\.\d+/.exec(await versionText(executablePath))?.[1];
  if (platform === undefined || major === undefined) return null;
  return `Mozilla/5.0 (${platform}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`;
}

async function versionText(executablePath: string): Promise<string> {
  try {
    const { stdout } = await new Deno.Command(executablePath, {
      args: ["--version"],
      stdin: "null",
      stderr: "null",
      signal: AbortSignal.timeout(CHECK_LIMIT_MS),
    }).output();
    return new TextDecoder().decode(stdout);
  } catch {
    return ""; // a browser that does not even tell its version fails at its start, with a message of its own
  }
}
