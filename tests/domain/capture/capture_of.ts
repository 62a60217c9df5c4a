import type { Capture, Evidence, RawPayload } from "../../../domain/capture/capture.ts";
import type { Json } from "../../../domain/json.ts";

const USAGE_URL = "https://cursor.com/dashboard/usage";

/** A capture at `at` of a page that loaded without a hitch, but for what is given. */
export function captureOf(
  { at, payloads = [], evidence = {} }: {
    at: Temporal.Instant;
    payloads?: readonly RawPayload[];
    evidence?: Partial<Evidence>;
  },
): Capture {
  return {
    capturedAt: at,
    payloads,
    evidence: {
      requestedUrl: USAGE_URL,
      finalUrl: USAGE_URL,
      pageStatus: 200,
      title: "Usage | Cursor",
      hasLoginForm: false,
      isChallenged: false,
      apiCalls: [],
      problems: [],
      timedOut: false,
      hasCrashed: false,
      durationMs: 1_500,
      ...evidence,
    },
  };
}

/** The answer of one of the site's endpoints. */
export function jsonPayload(endpoint: string, body: Json): RawPayload {
  return {
    kind: "network_json",
    url: `https://cursor.com/api/dashboard/${endpoint}`,
    method: "POST",
    status: 200,
    requestBody: `{"teamId":0}`,
    contentType: "application/json",
    body: JSON.stringify(body),
  };
}

/** The page itself. */
export function htmlPayload(html: string): RawPayload {
  return {
    kind: "html",
    url: USAGE_URL,
    method: "GET",
    status: 200,
    requestBody: null,
    contentType: "text/html",
    body: html,
  };
}
