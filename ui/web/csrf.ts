import { createHmac, randomBytes } from "node:crypto";
import type { Clock } from "../../domain/ports.ts";
import { isEqual } from "./constant_time.ts";

/** A page may stay open this long before its forms must be loaded anew. */
const VALID_HOURS = 24;

/** Where scripts put the token; forms have a field of the name `csrf`. */
export const CSRF_HEADER = "x-csrf-token";

/**
 * Tokens that prove that a request comes from one of our own pages: only those can read them. Nothing is stored; the key
 * is this process's own, so that a token ends with it.
 */
export class CsrfTokens {
  readonly #clock: Clock;
  readonly #key = randomBytes(32);

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  /** A token for this user's writes; the same for an hour, so that pages can be remembered. */
  issue(user: string): string {
    const hour = String(this.#hour());
    return `${hour}.${this.#sign(hour, user)}`;
  }

  /** Whether the token was issued for this user, and not too long ago. */
  isValid(token: string, user: string): boolean {
    const [hour = "", signature = ""] = token.split(".", 2);
    const isOurs = isEqual(signature, this.#sign(hour, user));
    const age = this.#hour() - Number(hour);
    return isOurs && age >= 0 && age <= VALID_HOURS;
  }

  #sign(hour: string, user: string): string {
    return createHmac("sha256", this.#key).update(`${hour}\n${user}`).digest("base64url");
  }

  #hour(): number {
    return Math.floor(this.#clock.now().epochMilliseconds / 3_600_000);
  }
}
