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
