import { DeliveryFailed } from "../../domain/delivery_failed.ts";
import { retryAfterMs } from "../http/retry_after.ts";

/** The outbox itself never waits longer. */
const MAX_WAIT_MS = 6 * 60 * 60_000;

/** An answer other than yes, as a failure: passing states are tried again, all else but a redirect is final. */
export function refusalOf(
  { status, headers }: Response,
  { words, now, origin }: { words: string; now: Temporal.Instant; origin: string },
): DeliveryFailed {
  if (status >= 300 && status < 400) {
    return new DeliveryFailed(`The webhook at ${origin} redirects (status ${status}), which is not followed`, {
      isPermanent: false,
      hint: "Set WEBHOOK_URL to the address that it redirects to; it is tried again until then.",
    });
  }
  const isPermanent = status >= 400 && status < 500 && ![408, 425, 429].includes(status);
  return new DeliveryFailed(
    `The webhook at ${origin} ${isPermanent ? "refused the message" : "put off the message"} with status ${status}` +
      (words === "" ? "" : `: ${words}`),
    {
      isPermanent,
      retryAfterMs: isPermanent ? null : retryAfterMs(headers.get("retry-after"), now, { maxMs: MAX_WAIT_MS }),
      hint: hintOf(status, isPermanent),
    },
  );
}

function hintOf(status: number, isPermanent: boolean): string {
  if (!isPermanent) return "It is tried again.";
  if (status === 400 || status === 415 || status === 422) {
    return "Set WEBHOOK_FORMAT to what the other side reads: slack or json.";
  }
  return "Make a new webhook on the other side, and set WEBHOOK_URL to its address.";
}
