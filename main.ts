import { CAPTURE_CHILD, runCaptureChild } from "./compose/browser.ts";
import { cliContext } from "./compose/cli_context.ts";
import { onInterrupt } from "./compose/terminal.ts";
import { runCli } from "./ui/cli/program.ts";

// The story: a command line, run in a context that knows this process, its configuration and its adapters, until it is
// done or interrupted. A server captures in a child process, which is this program too. Nothing else may keep the
// process alive afterwards.
if (import.meta.main) {
  {
    using interrupt = onInterrupt();
    const interrupted = interrupt.signal;
    if (Deno.args[0] === CAPTURE_CHILD) await runCaptureChild({ interrupted });
    else await runCli(Deno.args, cliContext({ interrupted }));
  }
  Deno.exit();
}
