import { takeExclusiveLock } from "../../../adapters/files/exclusive_lock.ts";
import { openProcessLiveness } from "../../../adapters/system/process_liveness.ts";

/** A process for tests: takes the locks of the folder that it is given, says so in one line, and waits to be killed. */

const dataDir = Deno.args[0] ?? "";
const liveness = openProcessLiveness(dataDir);
takeExclusiveLock(`${dataDir}/locks/serve.lock`, { what: "serve this data folder" });
await Deno.stdout.write(new TextEncoder().encode(`${liveness.self}\n`));
// A pending read keeps the process alive until its parent goes away, whatever happens to the test.
await Deno.stdin.read(new Uint8Array(1));
