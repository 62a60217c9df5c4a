import { createHash, timingSafeEqual } from "node:crypto";

const TOKEN_BYTES = 32;

/** What became of a link that was opened. */
export type Claim = { readonly outcome: "accepted"; readonly pass: string } | { readonly outcome: "used" | "wrong" };

/**
 * A link that works once. Its token is changed for a pass, which the viewer's browser keeps as a cookie; from then on the
 * token opens nothing. Both are 256 random bits, and only their digests are kept.
 */
export class OneTimeLink {
  readonly token = randomText();
  #tokenDigest: Uint8Array | null = digest(this.token);
  readonly #spentDigest = digest(this.token);
  #passDigest: Uint8Array | null = null;

  claim(token: string): Claim {
    const given = digest(token);
    if (this.#tokenDigest === null) return { outcome: timingSafeEqual(given, this.#spentDigest) ? "used" : "wrong" };
    if (!timingSafeEqual(given, this.#tokenDigest)) return { outcome: "wrong" };
    const pass = randomText();
    this.#tokenDigest = null;
    this.#passDigest = digest(pass);
    return { outcome: "accepted", pass };
  }

  /** Neither token nor pass opens anything any more. */
  kill(): void {
    this.#tokenDigest = null;
    this.#passDigest = null;
  }

  /** Whether this is the pass that the link was changed for. */
  accepts(pass: string | undefined): boolean {
    return pass !== undefined && this.#passDigest !== null && timingSafeEqual(digest(pass), this.#passDigest);
  }
}

function randomText(): string {
  return crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)).toBase64({ alphabet: "base64url", omitPadding: true });
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
