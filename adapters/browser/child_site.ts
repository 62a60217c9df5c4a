import type { Capture, UsageSite } from "../../domain/capture/capture.ts";
import { CaptureFailed, SCRAPE_OUTCOMES } from "../../domain/capture/outcome.ts";
import { BROWSER_SANDBOXES, STORE_EMAIL } from "../../domain/config.ts";
import { messageOf } from "../../domain/errors.ts";
import { evidenceJson } from "../files/evidence_json.ts";
import { z } from "zod";

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
type CaptureRequest = z.infer<typeof captureRequest>;

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
type CaptureAnswer = z.infer<typeof answer>;

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

/** How long an ended capture may take to close its browser before its process is killed. */
const END_MS = 8_000;

/** How the child process is started. */
interface ChildCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The usage page, seen from a process of its own. The browser library takes 65 MiB and half a second to load; a server
 * that runs for years gets all of it back after each capture, and answers meanwhile.
 */
export function childSite(child: ChildCommand, request: CaptureRequest): UsageSite {
  return { capture: ({ signal }) => captureInChild(child, { request, signal }) };
}

async function captureInChild(
  { command, args }: ChildCommand,
  { request, signal }: { request: CaptureRequest; signal: AbortSignal },
): Promise<Capture> {
  signal.throwIfAborted();
  const child = new Deno.Command(command, { args: [...args], stdin: "piped", stdout: "piped", stderr: "inherit" })
    .spawn();
  const input = child.stdin.getWriter();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    // The end of its input ends the child's capture; so does this process's death, however it comes.
    input.close().catch(() => undefined);
    timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
  };
  signal.addEventListener("abort", end, { once: true });
  try {
    await input.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    const [{ code }, answer] = await Promise.all([child.status, new Response(child.stdout).text()]);
    signal.throwIfAborted();
    if (answer === "") throw new Error(`The capture's process ended with code ${code} and no answer`);
    return captureOfAnswer(JSON.parse(answer));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    if (!signal.aborted) await input.close().catch(() => undefined);
  }
}
