/** Whom a message is from or to. */
interface MailAddress {
  /** What stands before the address, without quotes; empty where nothing does. */
  readonly name: string;
  readonly address: string;
}

// No control characters, quotes or separators: an address is never a way to add a header or a recipient.
const ADDRESS = String.raw`[^\s@<>()\[\]\\,;:"\p{C}]+@[^\s@<>()\\,;:"\p{C}]+`;
const BARE = new RegExp(`^${ADDRESS}$`, "u");
const NAMED = new RegExp(String.raw`^(?:"([^"\\<>\p{C}]*)"|([^"\\<>\p{C}]*?))\s*<(${ADDRESS})>$`, "u");
const MAX_LENGTH = 254;

/** "ada@example.com", "Ada <ada@example.com>" or "\"Lovelace, Ada\" <ada@example.com>"; null for anything else. */
export function parseMailAddress(text: string): MailAddress | null {
  const trimmed = text.trim();
  const named = NAMED.exec(trimmed);
  const address = named?.[3] ?? (BARE.test(trimmed) ? trimmed : null);
  if (address === null || address.length > MAX_LENGTH || !isDomain(address.slice(address.indexOf("@") + 1))) {
    return null;
  }
  return { name: (named?.[1] ?? named?.[2] ?? "").trim(), address };
}

/** The parts between commas; a comma inside quotes is part of a name. */
export function splitAddresses(text: string): string[] {
  const parts = text.match(/(?:"[^"]*"|[^,"]|")+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** Labels with dots between; one label is enough for a mail server at home. */
function isDomain(domain: string): boolean {
  if (/^\[[\da-f.:]+\]$/i.test(domain)) return true;
  return domain.split(".").every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?$/u.test(label));
}
