import type { StoreEmail } from "../../domain/config.ts";
import { ifThere, replaceFileSync } from "../files/files.ts";
import { createHash, createHmac, randomBytes } from "node:crypto";

const KEY_BYTES = 32;

/** Where the key is that makes an account's hash this installation's own. */
export function accountKeyPath(dataDir: string): string {
  return `${dataDir}/account.key`;
}

/**
 * How an account is kept: by default "hmac-<key>:<hash>", which tells two accounts apart and says nothing about either to
 * whoever lacks the key file; with `plain` the address itself, with `none` nothing.
 */
export function accountNamer(
  { dataDir, storeEmail }: { dataDir: string; storeEmail: StoreEmail },
): (email: string) => string | null {
  return (email) => {
    const address = email.trim().toLowerCase();
    if (storeEmail === "none" || address === "") return null;
    if (storeEmail === "plain") return address;
    const key = readOrMakeKey(accountKeyPath(dataDir));
    const keyName = createHash("sha256").update(key).digest("hex").slice(0, 8);
    return `hmac-${keyName}:${createHmac("sha256", key).update(address).digest("hex").slice(0, 32)}`;
  };
}

/** The key of 32 random bytes; made where there is none, or where its writing was cut off. */
function readOrMakeKey(path: string): Uint8Array {
  const read = () => ifThere(() => Deno.readFileSync(path));
  const key = read();
  if (key !== null && key.length === KEY_BYTES) return key;
  const made = randomBytes(KEY_BYTES);
  replaceFileSync(path, made);
  // Another process may have made one at the same time: the last one counts for both.
  return read() ?? made;
}
