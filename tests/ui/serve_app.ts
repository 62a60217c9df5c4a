import { Listener } from "../../compose/listener.ts";
import type { Fetch, WebHandler } from "../../ui/web/exchange.ts";
import { FakeLog } from "../fake_log.ts";

/** Serves an app on this machine as `tracker serve` does; port 0 takes one that is free. */
export async function serveApp(
  { fetch, atOnce }: { readonly fetch: Fetch; readonly atOnce: WebHandler["atOnce"] },
  { port = 0 }: { readonly port?: number } = {},
): Promise<Listener> {
  const answer = { atOnce, load: () => Promise.resolve(fetch) };
  return await Listener.open({ hostname: "127.0.0.1", port, answer, log: new FakeLog() });
}
