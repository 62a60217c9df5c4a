import { lostFigures } from "../../../domain/payload_shapes.ts";
import { ok, skipped, warn } from "../../../domain/doctor.ts";
import { sqliteStores } from "../../sqlite/stores.ts";
import type { Check } from "../check.ts";

/** Whether Cursor's answers still hold every figure that they used to. */
export const drift: Check = {
  name: "drift",
  title: "Cursor's answers",
  run({ database }) {
    const db = database();
    const shapes = db === null ? [] : sqliteStores(db).shapes.list();
    if (shapes.length === 0) return skipped("none was seen yet");
    const lost = lostFigures(shapes);
    if (lost.length === 0) return ok(`${shapes.length} ${shapes.length === 1 ? "kind" : "kinds"} known, none changed`);
    return warn(`no longer sent: ${lost.join(", ")}`, {
      why: "These figures are shown as unknown. Look for a newer tracker, which may read them again.",
      mend: "tracker replay --apply",
    });
  },
};
