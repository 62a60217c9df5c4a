import { z } from "zod";
import type { Capture } from "../../domain/capture.ts";
import { CaptureFailed } from "../../domain/capture_failed.ts";
import { BROWSER_SANDBOXES, STORE_EMAIL } from "../../domain/config.ts";
import { messageOf } from "../../domain/errors.ts";
import { SCRAPE_OUTCOMES } from "../../domain/outcome.ts";
import { evidenceJson } from "../evidence_json.ts";

/** What the child process is asked to do: one capture, then its end. */
export const captureRequest = z.object({
  usageUrl: z.string(),
  profileDir: z.string(),
  browserPath: z.string().nullable(),
  sandbox: z.enum(BROWSER_SANDBOXES),
  timeoutMs: z.number(),
  dataDir: z.string(),
  storeEmail: z.enum(STORE_EMAIL),
});
export type CaptureRequest = z.infer<typeof captureRequest>;

const rawPayload = z.object({
  kind: z.enum(["network_json", "html"]),
  url: z.string(),
  method: z.string(),
  status: z.number(),
  requestBody: z.string().nullable(),
  contentType: z.string(),
  body: z.string(),
});

const captureMessage = z.object({
  capturedAt: z.string(),
  payloads: z.array(rawPayload),
  evidence: evidenceJson,
  session: z.object({ account: z.string().nullable(), expiresAt: z.string().nullable() }).nullable(),
  failedPage: z.object({ screenshot: z.string().nullable(), html: z.string().nullable() }).nullable(),
});

const failedOutcome = z.enum(SCRAPE_OUTCOMES).exclude(["stored", "unchanged"]);

/** What the child answers. */
const answer = z.union([
  z.object({ capture: captureMessage }),
  z.object({ failed: z.object({ message: z.string(), outcome: failedOutcome, hint: z.string().nullable() }) }),
  z.object({ error: z.string() }),
]);
export type CaptureAnswer = z.infer<typeof answer>;

/** A capture as a message. */
export function answerOf(capture: Capture): CaptureAnswer {
  const { capturedAt, payloads, evidence, session, failedPage } = capture;
  return {
    capture: {
      capturedAt: capturedAt.toString(),
      payloads: [...payloads],
      evidence: { ...evidence, apiCalls: [...evidence.apiCalls], problems: [...evidence.problems] },
      session: session === undefined
        ? null
        : { account: session.account, expiresAt: session.expiresAt?.toString() ?? null },
      failedPage: failedPage === undefined
        ? null
        : { screenshot: failedPage.screenshot?.toBase64() ?? null, html: failedPage.html },
    },
  };
}

/** An error as a message. */
export function answerOfError(error: unknown): CaptureAnswer {
  if (!(error instanceof CaptureFailed)) return { error: messageOf(error) };
  return { failed: { message: error.message, outcome: error.outcome, hint: error.hint } };
}

/** What the message says. @throws CaptureFailed or Error, as the child had it. */
export function captureOfAnswer(message: unknown): Capture {
  const parsed = answer.parse(message);
  if ("error" in parsed) throw new Error(parsed.error);
  if ("failed" in parsed) {
    const { message, outcome, hint } = parsed.failed;
    throw new CaptureFailed(message, { outcome, ...(hint === null ? {} : { hint }) });
  }
  const { capturedAt, payloads, evidence, session, failedPage } = parsed.capture;
  return {
    capturedAt: Temporal.Instant.from(capturedAt),
    payloads,
    evidence,
    ...(session === null ? {} : { session: { account: session.account, expiresAt: instantOf(session.expiresAt) } }),
    ...(failedPage === null
      ? {}
      : { failedPage: { screenshot: bytesOf(failedPage.screenshot), html: failedPage.html } }),
  };
}

function instantOf(text: string | null): Temporal.Instant | null {
  return text === null ? null : Temporal.Instant.from(text);
}

function bytesOf(base64: string | null): Uint8Array<ArrayBuffer> | null {
  return base64 === null ? null : Uint8Array.fromBase64(base64);
}
