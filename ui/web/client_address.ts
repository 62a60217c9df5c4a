/** Where no socket is known, as in a test: all such requests count as one address. */
const UNKNOWN = "unknown";
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Who sends a request, for limits: the IPv4 address, or the first half of the IPv6 address, as one machine has all
 * addresses of its /64. `env` is what `Deno.serve` tells about the connection. What a header claims does not count.
 */
export function clientAddress(env: unknown): string {
  const hostname = hostnameOf(env);
  if (hostname === null) return UNKNOWN;
  const mapped = MAPPED_IPV4.exec(hostname)?.[1];
  if (mapped !== undefined) return mapped;
  return hostname.includes(":") ? networkOf(hostname) : hostname;
}

function hostnameOf(env: unknown): string | null {
  if (typeof env !== "object" || env === null || !("remoteAddr" in env)) return null;
  const { remoteAddr } = env;
  if (typeof remoteAddr !== "object" || remoteAddr === null || !("hostname" in remoteAddr)) return null;
  return typeof remoteAddr.hostname === "string" ? remoteAddr.hostname : null;
}

/** "2001:db8::1" → "2001:db8:0:0::/64". */
function networkOf(address: string): string {
  const [left = "", right] = (address.split("%")[0] ?? "").split("::");
  const groups = (text: string) => text === "" ? [] : text.split(":");
  const [before, after] = [groups(left), groups(right ?? "")];
  const zeros = right === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const all = [...before, ...new Array<string>(zeros).fill("0"), ...after];
  const normalized = all.slice(0, 4).map((group) => (Number.parseInt(group, 16) || 0).toString(16));
  return `${normalized.join(":")}::/64`;
}
