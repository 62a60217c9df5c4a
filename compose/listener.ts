import { tcpPeers } from "../adapters/system/tcp_peers.ts";
import { sleep } from "../adapters/system/timer.ts";
import { messageOf } from "../domain/errors.ts";
import type { Log } from "../domain/log.ts";
import type { WebHandler } from "../ui/web/lazy_app.ts";

/** How long a request that is being answered may take before slow clients are cut off all the same. */
const FINISH_MS = 2_000;
const REBIND_PAUSE_MS = 5;

/** Where to listen, and what answers. */
interface ListenOptions {
  readonly hostname: string;
  readonly port: number;
  readonly answer: WebHandler;
  readonly log: Log;
  readonly onListen?: (address: Deno.NetAddr) => void;
  readonly patience?: Patience;
  /** Who is connected to a port; null where the system does not tell. */
  readonly peersOf?: (port: number) => Promise<ReadonlySet<string> | null>;
}

/**
 * Answers HTTP, and cuts off clients that hold connections without using them. The runtime has no time-outs of its own
 * and cannot close a single connection, so all are closed at once where some are stuck, and the port is opened anew
 * within milliseconds: browsers come back by themselves.
 */
export class Listener {
  readonly addr: Deno.NetAddr;
  readonly #options: ListenOptions;
  readonly #watch: ConnectionWatch;
  readonly #patience: Patience;
  readonly #stopped = new AbortController();
  readonly #sweeper: ReturnType<typeof setInterval>;
  #connections = new AbortController();
  #server: Deno.HttpServer<Deno.NetAddr>;
  #answering = 0;
  /** What goes on at the moment: a look at the connections, and what follows from it. */
  #sweeping: Promise<void> | null = null;

  /** @throws Deno.errors.AddrInUse and others where the address cannot be listened on. */
  constructor(options: ListenOptions) {
    this.#options = options;
    this.#patience = options.patience ?? PATIENCE;
    this.#watch = new ConnectionWatch(this.#patience);
    this.#server = this.#open(options.port, options.onListen);
    this.addr = this.#server.addr;
    this.#sweeper = setInterval(() => {
      this.#sweeping ??= this.#sweep().finally(() => this.#sweeping = null);
    }, this.#patience.sweepMs);
    Deno.unrefTimer(this.#sweeper);
  }

  /** Takes no more connections, and ends when those that are answered have their answers. */
  async shutdown(): Promise<void> {
    clearInterval(this.#sweeper);
    this.#stopped.abort();
    await this.#sweeping;
    await this.#server.shutdown();
  }

  #open(port: number, onListen: (address: Deno.NetAddr) => void = () => undefined): Deno.HttpServer<Deno.NetAddr> {
    const { hostname, answer } = this.#options;
    this.#connections = new AbortController();
    return Deno.serve({ hostname, port, onListen, signal: this.#connections.signal }, (request, info) => {
      const { remoteAddr } = info;
      const peer = `${remoteAddr.hostname} ${remoteAddr.port}`;
      this.#watch.heard(peer);
      const response = answer(request, info);
      return response instanceof Promise ? this.#counted(response, { peer, info }) : response;
    });
  }

  async #counted(
    response: Promise<Response>,
    { peer, info }: { peer: string; info: Deno.ServeHandlerInfo<Deno.NetAddr> },
  ): Promise<Response> {
    this.#answering++;
    try {
      const answered = await response;
      if (answered.headers.get("connection") === "close") this.#watch.isDone(peer);
      if (isStream(answered)) this.#watch.streams(peer, info.completed);
      return answered;
    } finally {
      this.#answering--;
    }
  }

  async #sweep(): Promise<void> {
    try {
      const peers = await (this.#options.peersOf ?? tcpPeers)(this.addr.port);
      if (peers === null || this.#stopped.signal.aborted) return;
      const stuck = this.#watch.sweep(peers);
      if (stuck > 0) await this.#reopen({ stuck, open: peers.size });
    } catch (error) {
      this.#options.log.error("http.connections_unknown", { error: messageOf(error) });
    }
  }

  async #reopen(connections: { stuck: number; open: number }): Promise<void> {
    const { log } = this.#options;
    log.info("http.slow_clients_cut_off", connections);
    const deadline = AbortSignal.timeout(FINISH_MS);
    while (this.#answering > 0 && !deadline.aborted) await sleep(REBIND_PAUSE_MS);
    this.#connections.abort();
    // The kernel gives the port back a moment later.
    for (let tries = 1; !this.#stopped.signal.aborted; tries++) {
      try {
        this.#server = this.#open(this.addr.port);
        return;
      } catch (error) {
        if (tries === 200) log.error("http.cannot_listen_again", { error: messageOf(error) });
        await sleep(tries < 200 ? REBIND_PAUSE_MS : 1_000);
      }
    }
  }
}

function isStream(response: Response): boolean {
  return (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
}

/** How patient the server is with connections on which nothing happens. */
interface Patience {
  /** Time between two looks. */
  readonly sweepMs: number;
  /** Looks that a connection may live through without a single whole request. */
  readonly silentSweeps: number;
  /** Looks that it may live through after its last request; browsers give up earlier by themselves. */
  readonly idleSweeps: number;
  /** Where more than this many are open, the idle ones get no more time than the silent ones. */
  readonly mostConnections: number;
}

/** Half a minute for the first request, five minutes between two. */
const PATIENCE: Patience = { sweepMs: 10_000, silentSweeps: 3, idleSweeps: 30, mostConnections: 512 };

interface Connection {
  seenAt: number;
  heardAt: number | null;
  /** Answers that go on: streams of events. */
  streams: number;
}

/** Knows which connections do nothing but stay open. Time is counted in looks, so that it never jumps. */
export class ConnectionWatch {
  readonly #patience: Patience;
  readonly #connections = new Map<string, Connection>();
  #sweeps = 0;

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  /** A whole request head came from this peer. */
  heard(peer: string): void {
    const known = this.#connections.get(peer);
    if (known === undefined) this.#connections.set(peer, { seenAt: this.#sweeps, heardAt: this.#sweeps, streams: 0 });
    else known.heardAt = this.#sweeps;
  }

  /** The server is done with this peer: from now on it has no more time than a silent one. */
  isDone(peer: string): void {
    const known = this.#connections.get(peer);
    if (known !== undefined) Object.assign(known, { seenAt: this.#sweeps, heardAt: null });
  }

  /** An answer to this peer goes on until `ended`. */
  streams(peer: string, ended: Promise<void>): void {
    const connection = this.#connections.get(peer);
    if (connection === undefined) return;
    connection.streams++;
    const end = () => {
      connection.streams--;
      connection.heardAt = this.#sweeps;
    };
    ended.then(end, end);
  }

  /** Takes in who is connected now; answers how many of them are stuck. */
  sweep(peers: ReadonlySet<string>): number {
    this.#sweeps++;
    for (const peer of this.#connections.keys()) if (!peers.has(peer)) this.#connections.delete(peer);
    const isCrowded = peers.size > this.#patience.mostConnections;
    let stuck = 0;
    for (const peer of peers) {
      const known = this.#connections.get(peer);
      if (known === undefined) this.#connections.set(peer, { seenAt: this.#sweeps, heardAt: null, streams: 0 });
      else if (this.#isStuck(known, { isCrowded })) stuck++;
    }
    return stuck;
  }

  #isStuck({ seenAt, heardAt, streams }: Connection, { isCrowded }: { isCrowded: boolean }): boolean {
    const { silentSweeps, idleSweeps } = this.#patience;
    if (streams > 0) return false;
    const limit = heardAt === null || isCrowded ? silentSweeps : idleSweeps;
    return this.#sweeps - (heardAt ?? seenAt) >= limit;
  }
}
