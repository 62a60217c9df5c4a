import type { Clock } from "../../domain/ports.ts";

/** Slips of the keyboard cost nothing; the wait doubles with each further one, up to a minute. */
const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** After so long without a wrong login an address begins anew. */
const FORGOTTEN_AFTER_MS = 15 * 60_000;
/** The addresses that failed last are known. */
const MOST_ADDRESSES = 1_000;

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

/** Makes who guesses logins wait, by address. Each question costs the same however many addresses are known. */
export class LoginSlowdown {
  readonly #clock: Clock;
  /** The least recent failure first. */
  readonly #failures = new Map<string, Failures>();

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  /** How long the address has to wait for its next try, in milliseconds. */
  waitMs(address: string): number {
    const known = this.#known(address);
    if (known === null || known.count < FREE_FAILURES) return 0;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (known.count - FREE_FAILURES), LONGEST_WAIT_MS);
    return Math.max(0, known.lastMs + wait - this.#nowMs());
  }

  /** Counts a wrong login; answers how many there were in a row. */
  failed(address: string): number {
    const count = (this.#known(address)?.count ?? 0) + 1;
    this.#failures.delete(address);
    this.#failures.set(address, { count, lastMs: this.#nowMs() });
    const oldest = this.#failures.keys().next();
    if (this.#failures.size > MOST_ADDRESSES && !oldest.done) this.#failures.delete(oldest.value);
    return count;
  }

  succeeded(address: string): void {
    this.#failures.delete(address);
  }

  /** A clock that was set back, too, begins anew: nobody waits for the time before it. */
  #known(address: string): Failures | null {
    const known = this.#failures.get(address) ?? null;
    if (known === null) return null;
    const ageMs = this.#nowMs() - known.lastMs;
    return ageMs < 0 || ageMs > FORGOTTEN_AFTER_MS ? null : known;
  }

  #nowMs(): number {
    return this.#clock.now().epochMilliseconds;
  }
}
