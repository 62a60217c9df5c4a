import { readMoney } from "../fields.ts";
import { isJsonObject } from "../json.ts";
import { microsFromDollars } from "../money.ts";
import type { Recognizer } from "./reading.ts";

/** The largest 32-bit integer stands for "no limit". */
const UNLIMITED = microsFromDollars(2_147_483_647);

/** POST /api/dashboard/get-hard-limit: `{hardLimit, noUsageBasedAllowed}`, whole dollars. */
export const hardLimit: Recognizer = {
  name: "hard_limit",
  trust: 3,
  needs: [],
  recognize(payload) {
    if (payload.kind !== "network_json" || !isJsonObject(payload.body)) return null;
    const { body, endpoint } = payload;
    if (!("hardLimit" in body || "noUsageBasedAllowed" in body || endpoint === "get-hard-limit")) return null;
    const cell = readMoney(body["hardLimit"], { name: "hardLimit", unit: "dollars" });
    const limit = cell.kind === "amount" ? cell.amount : null;
    const isUnlimited = limit !== null && limit === UNLIMITED;
    const isForbidden = body["noUsageBasedAllowed"];
    return {
      limits: [{
        kind: "spend",
        name: "Hard limit",
        limit: isUnlimited ? null : limit,
        isUnlimited,
        isAllowed: typeof isForbidden === "boolean" ? !isForbidden : null,
      }],
    };
  },
};
