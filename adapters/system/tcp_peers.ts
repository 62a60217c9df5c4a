/** In the kernel's tables: an established connection. */
const ESTABLISHED = "01";

/**
 * Who is connected to a port of this machine, as "address port" with the address as the runtime writes it. Null where the
 * system does not tell (anything but Linux).
 */
export async function tcpPeers(port: number): Promise<Set<string> | null> {
  if (Deno.build.os !== "linux") return null;
  const tables = (await Promise.all(["/proc/net/tcp", "/proc/net/tcp6"].map(readTable)))
    .filter((table) => table !== null);
  if (tables.length === 0) return null;
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  return new Set(tables.flatMap((table) => peersIn(table, hexPort)));
}

/** Deno itself reads nothing below /proc/net without every permission. Null without IPv6, or where it is hidden. */
async function readTable(path: string): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command("cat", { args: [path], stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout) : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Rows: number, local address, remote address, state, … */
function peersIn(table: string, hexPort: string): string[] {
  return table.split("\n").slice(1).flatMap((line) => {
    const [, local = "", remote = "", state] = line.trim().split(/\s+/);
    if (state !== ESTABLISHED || !local.endsWith(`:${hexPort}`)) return [];
    const [address = "", port = ""] = remote.split(":");
    return [`${addressOf(address)} ${parseInt(port, 16)}`];
  });
}

/** "0100007F" → "127.0.0.1": each word of four bytes is in the machine's order, the lowest byte first. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).toReversed());
  if (bytes.length === 4) return bytes.map((byte) => parseInt(byte, 16)).join(".");
  const mapped = /^(?:00){10}FFFF/.test(bytes.join(""));
  if (mapped) return `::ffff:${bytes.slice(12).map((byte) => parseInt(byte, 16)).join(".")}`;
  const groups = bytes.join("").match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}
