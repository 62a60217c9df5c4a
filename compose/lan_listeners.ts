import { messageOf, TrackerError } from "../domain/errors.ts";
import { isIpAddress, isLanAddress, isLoopback, isWildcard } from "../domain/lan_address.ts";

const LOOPBACK = "127.0.0.1";
/** How often another port is tried where one that is free on one address is taken on another. */
const PORT_TRIES = 5;

/**
 * The addresses to listen on for what is shown on the local network alone: the given one, or for 0.0.0.0 each private
 * address of this machine. `ofMachine` are its addresses.
 * @throws TrackerError (exit code 2) where the address is neither private nor loopback.
 */
export function lanAddresses(hostname: string, ofMachine: readonly string[]): string[] {
  const bare = hostname === "localhost" ? LOOPBACK : hostname;
  if (isWildcard(bare)) {
    const isUsable = (address: string) =>
      isLanAddress(address) && !isLoopback(address) && !isLinkLocalV6(address) &&
      (bare.includes(":") || !address.includes(":"));
    return [...new Set([...ofMachine.filter(isUsable), LOOPBACK])];
  }
  if (isLanAddress(bare)) return [bare];
  const what = isIpAddress(bare) ? "is a public address" : "is a name";
  throw new TrackerError(
    `Cannot show a login there as the address must be private or loopback: "${hostname}" ${what} (BIND, or --bind)`,
    {
      hint: "Run 'tracker onboard --remote --bind 127.0.0.1', and open the link through 'ssh -L'.",
      exitCode: 2,
    },
  );
}

/** A browser takes no such address: it would need the interface's name in it. */
function isLinkLocalV6(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}

/** Listeners with one port on several addresses. */
export interface LanListeners {
  readonly port: number;
  /** Ends them; requests that are open are let end for a moment. */
  close(): Promise<void>;
}

/** Answers on each of the addresses; port 0 takes one that is free on all. @throws TrackerError where it cannot. */
export function listenOn(
  addresses: readonly string[],
  { port, answer }: { port: number; answer: (request: Request, peer: string) => Response | Promise<Response> },
): LanListeners {
  for (let tries = 1;; tries++) {
    const servers: Deno.HttpServer<Deno.NetAddr>[] = [];
    try {
      for (const hostname of addresses) {
        const shared = servers[0]?.addr.port ?? port;
        servers.push(
          Deno.serve(
            { hostname, port: shared, onListen() {} },
            (request, { remoteAddr }) => answer(request, remoteAddr.hostname),
          ),
        );
      }
      return { port: servers[0]?.addr.port ?? port, close: () => closeAll(servers) };
    } catch (error) {
      void closeAll(servers);
      if (error instanceof Deno.errors.AddrInUse && port === 0 && tries < PORT_TRIES) continue;
      throw new TrackerError(`Cannot listen on port ${port} of ${addresses.join(", ")}: ${messageOf(error)}`, {
        hint: "Give a free port with --port, or none to have one chosen.",
        cause: error,
      });
    }
  }
}

const DRAIN_MS = 1_000;

async function closeAll(servers: readonly Deno.HttpServer<Deno.NetAddr>[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, DRAIN_MS));
  await Promise.race([Promise.all(servers.map((server) => server.shutdown())), late]);
  clearTimeout(timer);
}
