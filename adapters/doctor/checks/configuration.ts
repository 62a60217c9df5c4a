import { fail, ok } from "../../../domain/doctor.ts";
import type { Check } from "../check.ts";

/** Every fault of the environment, .env and config.yaml. The other checks go on with the defaults in their place. */
export const configuration: Check = {
  name: "configuration",
  title: "Configuration",
  run({ faults, set }) {
    if (faults.length === 0) return ok(`${set.size} ${set.size === 1 ? "variable" : "variables"} set, no faults`);
    return fail(faults.length === 1 ? "one fault" : `${faults.length} faults`, {
      why: `${faults.join("; ")}.`,
      mend: "Correct what is named in the environment, .env or config.yaml",
    });
  },
};
