import { findXvfb } from "../adapters/browser/remote/display.ts";

const INSTALL = "apt-get update -qq && apt-get install -y -qq --no-install-recommends xvfb";
const LIMIT_MS = 180_000;

/** Xvfb, for the tests of a login in a window: where it is not there, as root on Debian it is installed. Never fails. */
export async function findOrInstallXvfb(say: (text: string) => void): Promise<void> {
  const isThere = () => findXvfb({ path: Deno.env.get("PATH") ?? "" }) !== null;
  if (isThere()) return;
  if (Deno.build.os === "linux" && Deno.uid() === 0) {
    say("No Xvfb is here. Installing it by apt…");
    await install();
  }
  if (!isThere()) say("No Xvfb: the tests of a login in a window are skipped.");
}

async function install(): Promise<void> {
  try {
    const signal = AbortSignal.timeout(LIMIT_MS);
    await new Deno.Command("sh", { args: ["-c", INSTALL], stdin: "null", signal }).output();
  } catch {
    // What is missing afterwards is said.
  }
}
