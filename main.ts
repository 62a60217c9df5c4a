import { cliContext } from "./compose/cli_context.ts";
import { onInterrupt } from "./compose/interrupt.ts";
import { runCli } from "./ui/cli/mod.ts";

// The story: a command line, run in a context that knows this process, its configuration and its adapters, until it is
// done or interrupted. Nothing else may keep the process alive afterwards.
if (import.meta.main) {
  {
    using interrupt = onInterrupt();
    await runCli(Deno.args, cliContext({ interrupted: interrupt.signal }));
  }
  Deno.exit();
}
