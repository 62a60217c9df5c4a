import { isJsonObject } from "../json.ts";
import type { Recognizer } from "./reading.ts";

/** GET /api/auth/me: `{email, name, sub}`. Known, so that it is not taken for something new; nothing of it is kept. */
export const authMe: Recognizer = {
  name: "auth_me",
  trust: 9,
  needs: [],
  recognize(payload) {
    if (payload.kind !== "network_json" || !isJsonObject(payload.body)) return null;
    return "sub" in payload.body && "email" in payload.body ? {} : null;
  },
};
