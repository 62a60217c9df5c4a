import { messageOf } from "../../domain/errors.ts";
import { VERSION } from "../../domain/version.ts";
import type { Services } from "../services.ts";

/** What GET /healthz answers. */
interface Health {
  readonly status: "ok" | "failed";
  readonly version: string;
}

/** Asks the database for something small. */
export function healthOf({ stores, log }: Pick<Services, "stores" | "log">): Health {
  try {
    stores.usage.latest();
    return { status: "ok", version: VERSION };
  } catch (error) {
    log.error("health.database_failed", { error: messageOf(error) });
    return { status: "failed", version: VERSION };
  }
}
