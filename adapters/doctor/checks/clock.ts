import { fail, ok, skipped, warn } from "../../../domain/doctor.ts";
import type { Check } from "../check.ts";

const SMALL_SECONDS = 60;
/** From here on certificates and sessions are refused, and days are others than Cursor's. */
const LARGE_SECONDS = 600;

/** This machine's clock, against the one that the usage page's host tells. */
export const clock: Check = {
  name: "clock",
  title: "Clock",
  async run({ clock, siteAnswer }) {
    const answer = await siteAnswer();
    if ("fault" in answer || answer.date === null) return skipped("the site tells no time to compare with");
    const seconds = Math.round(answer.date.until(clock.now()).total("seconds"));
    const skew = Math.abs(seconds);
    const found = `${skew} s ${seconds < 0 ? "behind" : "ahead of"} the site's`;
    if (skew <= SMALL_SECONDS) return ok(skew <= 2 ? "agrees with the site's" : found);
    const why = "Days, cycles and the session's age are counted by it.";
    const mend = "timedatectl set-ntp true";
    return skew <= LARGE_SECONDS ? warn(found, { why, mend }) : fail(found, { why, mend });
  },
};
