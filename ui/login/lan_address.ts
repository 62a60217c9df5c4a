/** Addresses that are reached from this machine, this household or this company only. */

type Range = readonly [prefix: readonly number[], bits: number];

/** Loopback, RFC 1918, link-local (RFC 3927), and RFC 6598, which carriers and Tailscale use. */
const PRIVATE_V4: readonly Range[] = [
  [[127], 8],
  [[10], 8],
  [[172, 16], 12],
  [[192, 168], 16],
  [[169, 254], 16],
  [[100, 64], 10],
];
/** Unique local (RFC 4193) and link-local. */
const PRIVATE_V6: readonly Range[] = [[[0xfc], 7], [[0xfe, 0x80], 10]];
const LOOPBACK_V6 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const MAPPED_V4 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** Whether the text is an IP address at all. */
export function isIpAddress(text: string): boolean {
  return bytesOf(text) !== null;
}

/** Whether the text is the address that stands for all of a machine's own. */
export function isWildcard(text: string): boolean {
  return bytesOf(text)?.every((byte) => byte === 0) ?? false;
}

/** Whether the address is loopback, private, link-local or shared (100.64.0.0/10). False for what is no address. */
export function isLanAddress(text: string): boolean {
  const bytes = bytesOf(text);
  if (bytes === null) return false;
  if (bytes.length === 4) return isIn(bytes, PRIVATE_V4);
  if (isStart(MAPPED_V4, bytes)) return isIn(bytes.slice(12), PRIVATE_V4);
  return isStart(LOOPBACK_V6, bytes) || isIn(bytes, PRIVATE_V6);
}

/** Whether the address never leaves its machine. */
export function isLoopback(text: string): boolean {
  const bytes = bytesOf(text);
  if (bytes === null) return false;
  if (bytes.length === 4) return bytes[0] === 127;
  return isStart(LOOPBACK_V6, bytes) || (isStart(MAPPED_V4, bytes) && bytes[12] === 127);
}

function isIn(bytes: readonly number[], ranges: readonly Range[]): boolean {
  return ranges.some(([prefix, bits]) => {
    for (let bit = 0; bit < bits; bit += 8) {
      const mask = bits - bit >= 8 ? 0xff : (0xff << (8 - (bits - bit))) & 0xff;
      if (((bytes[bit / 8] ?? 0) & mask) !== ((prefix[bit / 8] ?? 0) & mask)) return false;
    }
    return true;
  });
}

function isStart(prefix: readonly number[], bytes: readonly number[]): boolean {
  return prefix.every((byte, at) => bytes[at] === byte);
}

/** 4 or 16 bytes; null for what is no IP address. A zone ("%eth0") is left out. */
function bytesOf(text: string): number[] | null {
  const bare = text.replace(/%.*$/, "");
  return bare.includes(":") ? bytesOfV6(bare) : bytesOfV4(bare);
}

function bytesOfV4(text: string): number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return null;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

function bytesOfV6(text: string): number[] | null {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const v4 = tail === null ? [] : bytesOfV4(tail[2] ?? "");
  if (v4 === null) return null;
  const head = tail === null ? text : (tail[1] ?? "").replace(/([^:]):$/, "$1");
  const halves = head.split("::");
  if (halves.length > 2) return null;
  const groups = halves.map((half) => half === "" ? [] : half.split(":"));
  if (!groups.flat().every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  const [left = [], right = []] = groups.map((half) => half.flatMap(bytesOfGroup));
  const missing = 16 - left.length - right.length - v4.length;
  if (halves.length === 2 ? missing < 2 : missing !== 0) return null;
  return [...left, ...Array<number>(Math.max(missing, 0)).fill(0), ...right, ...v4];
}

function bytesOfGroup(group: string): number[] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
