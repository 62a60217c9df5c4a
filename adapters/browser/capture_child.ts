import { systemClock } from "../system/clock.ts";
import { accountNamer } from "./account_name.ts";
import { cursorSite } from "./capture.ts";
import { answerOf, answerOfError, captureRequest } from "./child_site.ts";
import { findBrowser } from "./find_browser.ts";

/**
 * The process of one capture: reads the request from the first line of its input, and writes the answer to its output.
 * The end of the input, before the answer, ends the capture early, with the browser gone.
 */
export async function captureChild({ interrupted }: { interrupted: AbortSignal }): Promise<void> {
  const abandoned = new AbortController();
  const request = await readLine(() => abandoned.abort(new DOMException("The capture was ended", "AbortError")));
  if (request === "") return;
  const answer = await captureFor(request, AbortSignal.any([interrupted, abandoned.signal]));
  if (abandoned.signal.aborted) return;
  const bytes = new TextEncoder().encode(JSON.stringify(answer));
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

async function captureFor(request: string, signal: AbortSignal) {
  try {
    const { usageUrl, browserPath, dataDir, storeEmail, ...browser } = captureRequest.parse(JSON.parse(request));
    const places = { browserPath, path: Deno.env.get("PATH") ?? "", dataDir };
    const site = cursorSite({
      usageUrl: new URL(usageUrl),
      ...browser,
      findBrowser: () => findBrowser(places),
      clock: systemClock,
      accountOf: accountNamer({ dataDir, storeEmail }),
    });
    return answerOf(await site.capture({ signal }));
  } catch (error) {
    return answerOfError(error);
  }
}

/** The first line of the input; what follows is only waited on for its end. */
function readLine(onEnd: () => void): Promise<string> {
  const line = Promise.withResolvers<string>();
  const read = async () => {
    let text = "";
    for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const end = text.indexOf("\n");
      if (end >= 0) line.resolve(text.slice(0, end));
    }
    onEnd();
    line.resolve("");
  };
  read().catch((error) => line.reject(error));
  return line.promise;
}
