/** Suffixes that only a local network gives out: nobody can register a name under them. */
const LOCAL_SUFFIXES = ["local", "lan", "home", "home.arpa", "internal", "localdomain"];

/** Names that other machines of the network call this one: its host name, alone and as local networks complete it. */
export function machineNames(): string[] {
  const full = Deno.hostname().toLowerCase();
  const [short = ""] = full.split(".");
  if (short === "") return [];
  return [
    ...new Set([full, short, ...LOCAL_SUFFIXES.map((suffix) => `${short}.${suffix}`), ...namesInHostsFile(full)]),
  ];
}

/** The full name stands in the hosts file where nobody else tells it. */
function namesInHostsFile(hostname: string): string[] {
  const lines = readHostsFile().split("\n").map((line) => line.replace(/#.*/, "").trim().toLowerCase().split(/\s+/));
  return lines.map(([, ...names]) => names).filter((names) => names.includes(hostname)).flat();
}

function readHostsFile(): string {
  try {
    return Deno.readTextFileSync("/etc/hosts");
  } catch {
    return ""; // Windows has it elsewhere; the host name itself is known all the same.
  }
}
