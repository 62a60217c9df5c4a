const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM"];

/** Aborted by the first Ctrl-C or SIGTERM; the second ends the process at once. */
export function onInterrupt(): { signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const handle = () => {
    if (controller.signal.aborted) Deno.exit(130);
    controller.abort(new DOMException("Interrupted", "AbortError"));
  };
  for (const name of SIGNALS) Deno.addSignalListener(name, handle);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of SIGNALS) Deno.removeSignalListener(name, handle);
    },
  };
}
