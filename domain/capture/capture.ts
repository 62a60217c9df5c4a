import type { Json } from "../json.ts";

/** One answer of the site, raw. */
export interface RawPayload {
  readonly kind: "network_json" | "html";
  readonly url: string;
  readonly method: string;
  readonly status: number;
  /** The request's body, where it had one: it tells for which days the site was asked. */
  readonly requestBody: string | null;
  readonly contentType: string;
  readonly body: string;
}

/** What the browser saw besides the payloads: what an outcome is decided by. */
export interface Evidence {
  readonly requestedUrl: string;
  readonly finalUrl: string | null;
  /** Status of the page itself; null where none came. */
  readonly pageStatus: number | null;
  readonly title: string | null;
  readonly hasLoginForm: boolean;
  /** The bot protection answered in the site's place. */
  readonly isChallenged: boolean;
  /** Path and status of the site's own API calls, those of the page and ours. */
  readonly apiCalls: readonly { readonly path: string; readonly status: number }[];
  /** Network errors and payloads that could not be read, as short texts. */
  readonly problems: readonly string[];
  readonly timedOut: boolean;
  /** Chromium, or its page, ended before the capture did. */
  readonly hasCrashed: boolean;
  readonly durationMs: number;
}

/** How a page looked that brought no figures, with e-mail addresses, tokens and whatever was typed masked. */
export interface FailedPage {
  /** PNG. */
  readonly screenshot: Uint8Array<ArrayBuffer> | null;
  /** The DOM as HTML, without scripts and styles. */
  readonly html: string | null;
}

/** What a capture tells about the session that it was made with. */
export interface SessionSign {
  /** Whose it is: a keyed hash of the account's e-mail address, or the address where STORE_EMAIL=plain. */
  readonly account: string | null;
  /** When the session's cookie says that it ends; the site usually ends it earlier. */
  readonly expiresAt: Temporal.Instant | null;
}

/** What one scrape saw, raw. */
export interface Capture {
  readonly capturedAt: Temporal.Instant;
  readonly payloads: readonly RawPayload[];
  readonly evidence: Evidence;
  /** Only where there were no figures. */
  readonly failedPage?: FailedPage;
  readonly session?: SessionSign;
}

/** A table as it stands in a page, before anybody knows what it means. */
export interface PageTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What the fallback reads: the tables of a page, and its visible text. */
export interface PageContent {
  readonly tables: readonly PageTable[];
  readonly text: string;
}

/** A payload ready for the recognizers: JSON that was parsed, or the content of a page. */
export type ParsedPayload =
  | {
    readonly kind: "network_json";
    /** Last part of the URL's path, such as "get-aggregated-usage-events": an empty answer has no other name. */
    readonly endpoint: string;
    readonly request: Json;
    readonly body: Json;
  }
  | { readonly kind: "html"; readonly page: PageContent };

/** Payloads are cut off above this size: 16 MiB. */
export const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

/** Opens the usage page in a real browser and keeps what it sees. */
export interface UsageSite {
  /**
   * Never throws for what the site does: that is evidence. `signal` ends it early, with the browser gone.
   * @throws CaptureFailed with outcome `no_browser` or `locked` where no page could be opened at all.
   */
  capture(options: { signal: AbortSignal }): Promise<Capture>;
}

/** Reads the tables and the text out of a page's HTML. */
export interface PageReader {
  read(html: string): PageContent;
}

/** How many raw captures are kept for debugging and replay. */
export const KEPT_CAPTURES = 20;

/** How many failed captures are kept with the look of their page, however many good ones came later. */
export const KEPT_FAILURES = 20;

/** A failed capture with the look of its page. */
export interface KeptFailure extends FailedPage {
  readonly captureId: number;
  readonly capturedAt: Temporal.Instant;
  readonly evidence: Evidence;
}

/** Raw captures, compressed; only the last KEPT_CAPTURES stay, and the last KEPT_FAILURES failed ones. */
export interface CaptureStore {
  /** Keeps the capture and drops the oldest beyond the limits; answers its id. */
  save(capture: Capture): number;
  /** The capture without the look of its page, which `lastFailure` tells. */
  load(captureId: number): Capture | null;
  /** The newest failed capture of which the page's look is kept. */
  lastFailure(): KeptFailure | null;
  /** Newest first. */
  list(): { readonly id: number; readonly capturedAt: Temporal.Instant; readonly payloads: number }[];
}
