import { messageOf } from "../../domain/errors.ts";

/** What a plain request came to. */
export type SiteAnswer =
  | { readonly status: number; readonly date: Temporal.Instant | null; readonly tookMs: number }
  | { readonly fault: "dns" | "tls" | "refused" | "time_out" | "other"; readonly text: string };

/** How the failures of a connection read; the runtime gives no codes. */
const FAULTS = [
  { fault: "dns", says: /dns error|failed to lookup|no such host|name or service not known/i },
  { fault: "tls", says: /certificate|\btls\b|\bssl\b|handshake|UnknownIssuer|corrupt message|InvalidContentType/i },
  { fault: "refused", says: /refused/i },
  { fault: "time_out", says: /timed? ?out/i },
] as const;

/**
 * Asks the site for its headers alone, without cookies. Any answer proves the way there: the bot protection may well refuse
 * a client that is no browser.
 */
export async function askSite(url: URL, { signal }: { signal: AbortSignal }): Promise<SiteAnswer> {
  const startedAtMs = performance.now();
  try {
    const answer = await fetch(new URL("/", url), { method: "HEAD", redirect: "manual", signal });
    await answer.body?.cancel();
    const tookMs = Math.round(performance.now() - startedAtMs);
    return { status: answer.status, date: httpDate(answer.headers.get("date")), tookMs };
  } catch (error) {
    const text = causesOf(error);
    if (signal.aborted) return { fault: "time_out", text: "no answer in time" };
    return { fault: FAULTS.find(({ says }) => says.test(text))?.fault ?? "other", text: lastCause(text) };
  }
}

/** "Sun, 22 Nov 2026 00:08:25 GMT"; null for anything else. */
function httpDate(text: string | null): Temporal.Instant | null {
  const ms = text === null ? NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : Temporal.Instant.fromEpochMilliseconds(ms);
}

/** The error's text with those of its causes: the first alone only says that it failed. */
function causesOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? `: ${causesOf(error.cause)}` : "";
  return `${messageOf(error)}${cause}`;
}

/** "error sending request for url (…): client error (Connect): dns error: …": what comes last says most. */
function lastCause(text: string): string {
  return text.replace(/^fetch failed: /, "").replace(/^error sending request[^)]*\):? ?/, "").slice(0, 200);
}
