import { VERSION } from "../domain/version.ts";

/** Where a release's binary runs: Deno's name of the machine, and the name that people know. */
export const TARGETS = [
  { triple: "x86_64-unknown-linux-gnu", name: "linux-x64" },
  { triple: "aarch64-unknown-linux-gnu", name: "linux-arm64" },
  { triple: "x86_64-apple-darwin", name: "macos-x64" },
  { triple: "aarch64-apple-darwin", name: "macos-arm64" },
  { triple: "x86_64-pc-windows-msvc", name: "windows-x64" },
] as const;

export type Target = typeof TARGETS[number];

/** "tracker-0.1.0-linux-x64": the file of a target; install.sh looks for these names. */
export function binaryName({ name }: Target): string {
  return `tracker-${VERSION}-${name}${name.startsWith("windows") ? ".exe" : ""}`;
}
