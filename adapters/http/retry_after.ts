const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HTTP_DATE = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/;

/** Nobody waits longer than this for a server's word, unless told otherwise: 2 minutes. */
export const MAX_RETRY_AFTER_MS = 120_000;

/** How long a `Retry-After` header asks to wait, in seconds or until a date; capped. Null where it says neither. */
export function retryAfterMs(
  header: string | null,
  now: Temporal.Instant,
  { maxMs = MAX_RETRY_AFTER_MS }: { maxMs?: number } = {},
): number | null {
  const text = header?.trim() ?? "";
  const date = httpDate(text);
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : date?.epochMilliseconds;
  if (ms === undefined) return null;
  const waitMs = date === null ? ms : ms - now.epochMilliseconds;
  return Math.min(Math.max(0, waitMs), maxMs);
}

function httpDate(text: string): Temporal.Instant | null {
  const match = HTTP_DATE.exec(text);
  const month = MONTHS.indexOf(match?.[2] ?? "") + 1;
  if (match === null || month === 0) return null;
  try {
    return Temporal.Instant.from(`${match[3]}-${String(month).padStart(2, "0")}-${match[1]}T${match[4]}Z`);
  } catch (error) {
    if (error instanceof RangeError) return null; // "31 Feb" is no date
    throw error;
  }
}
