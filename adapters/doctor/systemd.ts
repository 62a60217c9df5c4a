import { outputOf } from "./output_of.ts";

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
  const { text } = await outputOf("systemctl", { args, signal });
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
