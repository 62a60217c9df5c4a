import { z } from "zod";
import type { Capture } from "../../domain/capture.ts";
import { CaptureFailed } from "../../domain/capture_failed.ts";
import { messageOf } from "../../domain/errors.ts";
import { SCRAPE_OUTCOMES } from "../../domain/outcome.ts";
import { evidenceJson } from "../evidence_json.ts";

/** What the child process is asked to do: one capture, then its end. */
export const captureRequest = z.object({
  usageUrl: z.string(),
  profileDir: z.string(),
  browserPath: z.string().nullable(),
  timeoutMs: z.number(),
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
  const { capturedAt, payloads, evidence } = capture;
  return {
    capture: {
      capturedAt: capturedAt.toString(),
      payloads: [...payloads],
      evidence: { ...evidence, apiCalls: [...evidence.apiCalls], problems: [...evidence.problems] },
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
  const { capturedAt, payloads, evidence } = parsed.capture;
  return { capturedAt: Temporal.Instant.from(capturedAt), payloads, evidence };
}
