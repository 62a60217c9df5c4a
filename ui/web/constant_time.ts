import { createHash, timingSafeEqual } from "node:crypto";

/** Compares digests in constant time, so that neither content nor length of the secret shows in how long it takes. */
export function isEqual(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
