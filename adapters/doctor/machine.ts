import { messageOf } from "../../domain/errors.ts";
import { ifThere } from "../files/files.ts";
import { accessSync, constants } from "node:fs";

/** Whether a folder's rights let others in; null where it is not there. Windows has no such rights. */
export function openToOthers(path: string): { readonly mode: number; readonly isOpen: boolean } | null {
  const info = ifThere(() => Deno.statSync(path));
  if (info === null) return null;
  const mode = (info.mode ?? 0) & 0o777;
  return { mode, isOpen: Deno.build.os !== "windows" && (mode & 0o077) !== 0 };
}

/** Whether this user may write into the folder. */
export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** "755". */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(3, "0");
}

/** What a short command printed. */
interface CommandOutput {
  readonly code: number | null;
  readonly text: string;
  /** The first line of its errors, or why it did not run at all. */
  readonly error: string;
}

/** Runs a short command without input. Never throws. */
export async function commandOutput(
  command: string,
  { args, signal }: { args: readonly string[]; signal: AbortSignal },
): Promise<CommandOutput> {
  try {
    const { code, stdout, stderr } = await new Deno.Command(command, {
      args: [...args],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal,
    }).output();
    const decoder = new TextDecoder();
    return { code, text: decoder.decode(stdout).trim(), error: decoder.decode(stderr).trim().split("\n")[0] ?? "" };
  } catch (error) {
    return { code: null, text: "", error: messageOf(error) };
  }
}

/** What systemd says of a unit. */
export interface UnitState {
  readonly isInstalled: boolean;
  readonly isEnabled: boolean;
  readonly isActive: boolean;
  /** "active (running)", "failed", "inactive (dead)". */
  readonly text: string;
  /** Whether it is a unit of this user alone. */
  readonly isOfUser: boolean;
}

/** Asks systemd for a unit, of the system and then of this user; null where systemd does not run this machine. */
export async function systemdState(unit: string, { signal }: { signal: AbortSignal }): Promise<UnitState | null> {
  if (!isBooted()) return null;
  const ofSystem = await stateOf(unit, { scope: "--system", signal });
  if (ofSystem.isInstalled) return ofSystem;
  const ofUser = await stateOf(unit, { scope: "--user", signal });
  return ofUser.isInstalled ? ofUser : ofSystem;
}

async function stateOf(
  unit: string,
  { scope, signal }: { scope: "--system" | "--user"; signal: AbortSignal },
): Promise<UnitState> {
  const args = [scope, "show", unit, "--property=LoadState,ActiveState,SubState,UnitFileState"];
  const { text } = await commandOutput("systemctl", { args, signal });
  const facts = new Map(
    text.split("\n").map((line) => {
      const [name = "", ...value] = line.split("=");
      return [name, value.join("=")] as const;
    }),
  );
  const active = facts.get("ActiveState") ?? "unknown";
  return {
    isInstalled: facts.get("LoadState") === "loaded",
    isEnabled: (facts.get("UnitFileState") ?? "").startsWith("enabled"),
    isActive: active === "active",
    text: `${active} (${facts.get("SubState") ?? "unknown"})`,
    isOfUser: scope === "--user",
  };
}

/** As sd_booted(3) tells it. */
function isBooted(): boolean {
  try {
    return Deno.statSync("/run/systemd/system").isDirectory;
  } catch {
    return false;
  }
}
