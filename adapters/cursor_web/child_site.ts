import type { Capture, UsageSite } from "../../domain/capture.ts";
import { captureOfAnswer, type CaptureRequest } from "./child_messages.ts";

/** How long an ended capture may take to close its browser before its process is killed. */
const END_MS = 8_000;

/** How the child process is started. */
export interface ChildCommand {
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
