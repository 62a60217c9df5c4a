import { Listener } from "../compose/listener.ts";
import type { Fetch, WebHandler } from "../ui/web/exchange.ts";
import { median } from "./statistics.ts";

const ROUNDS = 15;
const REQUESTS_PER_ROUND = 400;

/** A server that answers until it is disposed of. */
interface Served extends AsyncDisposable {
  readonly origin: string;
}

/** Serves an app on a free port, as `tracker serve` does. */
export async function listen(
  { fetch, atOnce }: { readonly fetch: Fetch; readonly atOnce: WebHandler["atOnce"] },
): Promise<Served> {
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const answer = { atOnce, load: () => Promise.resolve(fetch) };
  const listener = await Listener.open({ hostname: "127.0.0.1", port: 0, answer, log });
  return {
    origin: `http://127.0.0.1:${listener.addr.port}`,
    [Symbol.asyncDispose]: () => listener.shutdown(),
  };
}

/** Serves on a free port by the runtime's own server, the fastest there is: what ours is measured against. */
export function listenBare(handler: (request: Request) => Response | Promise<Response>): Served {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => undefined }, handler);
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Requests per second of two addresses, in turns, so that both meet the same machine. */
export async function ratesInTurns(ours: string, bare: string): Promise<{ ours: number; bare: number }> {
  const rates: [number[], number[]] = [[], []];
  // The first round of each warms up and does not count.
  for (let round = 0; round <= ROUNDS; round++) {
    const pair = [await ratePerSecond(ours), await ratePerSecond(bare)] as const;
    if (round === 0) continue;
    rates[0].push(pair[0]);
    rates[1].push(pair[1]);
  }
  return { ours: median(rates[0]), bare: median(rates[1]) };
}

async function ratePerSecond(url: string): Promise<number> {
  const startedAt = performance.now();
  // The same bytes from both: else the client's time for unpacking ours would be counted as the server's.
  const headers = { "accept-encoding": "identity" };
  for (let sent = 0; sent < REQUESTS_PER_ROUND; sent++) await (await fetch(url, { headers })).bytes();
  return REQUESTS_PER_ROUND * 1_000 / (performance.now() - startedAt);
}
