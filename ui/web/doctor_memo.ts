import type { Clock } from "../../domain/clock.ts";
import { messageOf } from "../../domain/errors.ts";
import type { Log } from "../../domain/log.ts";
import type { DoctorReport } from "../../domain/operations/doctor.ts";

/** Whoever looks at the page an hour later sees a new look. */
const KEPT_MINUTES = 60;

/** What a memo is made of. */
interface DoctorMemoParts {
  readonly doctor: () => Promise<DoctorReport>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when a look is over. */
  readonly onReport: () => void;
}

/** The doctor's last report: a look takes seconds, which no page shall wait for. One look at a time. */
export class DoctorMemo {
  readonly #parts: DoctorMemoParts;
  #report: DoctorReport | null = null;
  #looking: Promise<void> | null = null;
  /** Of the last look, also where it brought no report. */
  #lookedAt: Temporal.Instant | null = null;

  constructor(parts: DoctorMemoParts) {
    this.#parts = parts;
  }

  /** The last report, null before the first one; a look begins where it is an hour old. */
  latest(): { readonly report: DoctorReport | null; readonly isLooking: boolean } {
    const age = this.#lookedAt?.until(this.#parts.clock.now()).total("minutes") ?? null;
    if (age === null || Math.abs(age) >= KEPT_MINUTES) void this.look();
    return { report: this.#report, isLooking: this.#looking !== null };
  }

  /** Looks now, or joins the look that is going on. Never rejects; what fails is logged. */
  look(): Promise<void> {
    return this.#looking ??= this.#look();
  }

  async #look(): Promise<void> {
    const { doctor, clock, log, onReport } = this.#parts;
    this.#lookedAt = clock.now();
    try {
      this.#report = await doctor();
    } catch (error) {
      log.warn("doctor.failed", { error: messageOf(error) });
    } finally {
      this.#looking = null;
    }
    onReport();
  }
}
