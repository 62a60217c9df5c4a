/** How patient the server is with connections on which nothing happens. */
export interface Patience {
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
export const PATIENCE: Patience = { sweepMs: 10_000, silentSweeps: 3, idleSweeps: 30, mostConnections: 512 };

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
