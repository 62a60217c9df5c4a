import type { Secret } from "../../domain/config.ts";
import { TrackerError } from "../../domain/errors.ts";
import type { Heartbeat } from "../../domain/runs/run.ts";
import { VERSION } from "../../domain/version.ts";
import { requestFailure, secretAddress } from "../system/http.ts";

const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * Calls HEARTBEAT_URL by GET, as healthchecks.io, Uptime Kuma and their like expect it; null where none is set. Nothing
 * is ever called to tell of a failure: silence is the alarm, and it comes even where this machine is off.
 */
export function heartbeat(
  url: Secret | null,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: { timeoutMs?: number } = {},
): Heartbeat | null {
  if (url === null) return null;
  const address = secretAddress(url);
  return {
    async beat({ signal }) {
      const late = AbortSignal.timeout(timeoutMs);
      const headers = new Headers({ "user-agent": `tracker/${VERSION}` });
      if (address.authorization !== null) headers.set("authorization", address.authorization);
      let response: Response;
      try {
        response = await fetch(address.url, {
          headers,
          redirect: "manual",
          signal: AbortSignal.any([signal, late]),
        });
        await response.body?.cancel();
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        // The cause is left out: it repeats the whole address.
        throw failed(address.origin, late.aborted ? "it did not answer in time" : requestFailure(error));
      }
      if (!response.ok) throw failed(address.origin, `it answered with status ${response.status}`);
    },
  };
}

function failed(origin: string, reason: string): TrackerError {
  return new TrackerError(`The heartbeat did not reach ${origin}: ${reason}`, {
    hint: "Check HEARTBEAT_URL: it must answer a GET with a status of 200 to 299.",
  });
}
