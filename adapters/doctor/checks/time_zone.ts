import { ok, warn } from "../../../domain/doctor.ts";
import type { Check } from "../check.ts";

/** The zone whose days are shown. */
export const timeZone: Check = {
  name: "time_zone",
  title: "Time zone",
  run({ config: { timeZone }, set, clock }) {
    const system = Temporal.Now.timeZoneId();
    const now = clock.now();
    const time = now.toZonedDateTimeISO(timeZone).toPlainTime().toString({ smallestUnit: "minute" });
    const isSame =
      now.toZonedDateTimeISO(timeZone).offsetNanoseconds === now.toZonedDateTimeISO(system).offsetNanoseconds;
    if (isSame || set.has("TIME_ZONE")) return ok(`${timeZone}, where it is ${time}`);
    return warn(`days are those of ${timeZone}, this machine is in ${system}`, {
      why: "TIME_ZONE is not set.",
      mend: `Set TIME_ZONE=${system}, or TIME_ZONE=${timeZone} if that is meant`,
    });
  },
};
