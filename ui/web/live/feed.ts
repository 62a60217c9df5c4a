import { type FetchProgress, progressText } from "../../../domain/billing/fetch.ts";
import { messageOf } from "../../../domain/errors.ts";
import type { Log } from "../../../domain/log.ts";
import type { Services } from "../../services.ts";
import { Changes, type LiveEvent } from "./changes.ts";

/** What the feed may use up. */
export interface LiveLimits {
  /** Readers at a time, and of them from one address. Defaults 64 and 16. */
  readonly connections: number;
  readonly perAddress: number;
  /** How often the database is looked at while somebody reads. Default 500. */
  readonly pollMs: number;
  /** A sign of life, so that proxies and readers know. Default 15,000. */
  readonly heartbeatMs: number;
  /** A reader is sent away after this long, so that one that silently went away is not kept; it comes back. Default 15 minutes. */
  readonly longestMs: number;
  /** How many events a reader can have missed and still be told. Default 100. */
  readonly remembered: number;
}

const LIMITS: LiveLimits = {
  connections: 64,
  perAddress: 16,
  pollMs: 500,
  heartbeatMs: 15_000,
  longestMs: 15 * 60_000,
  remembered: 100,
};

/** How long a browser waits before it comes back. */
const RETRY_MS = 2_000;

/**
 * Tells readers what is new as server-sent events. It polls the database's version rather than being told, as other
 * processes write too; and only while somebody reads.
 */
export class LiveFeed {
  readonly #services: Pick<Services, "fetchProgress">;
  readonly #log: Log;
  readonly #limits: LiveLimits;
  readonly #changes: Changes;
  readonly #connections = new Set<Connection>();
  /** Ids of another process's feed must not be taken for ours. */
  readonly #name = crypto.randomUUID().slice(0, 8);
  /** The newest events with their numbers, without a gap. */
  readonly #sent: { readonly number: number; readonly text: string }[] = [];
  #lastNumber = 0;
  #progress: FetchProgress | null = null;
  #stop: (() => void) | null = null;
  #isClosed = false;
  #isFailing = false;

  constructor(
    services: Pick<Services, "stores" | "runs" | "fetchProgress" | "log">,
    { closing, ...limits }: Partial<LiveLimits> & { closing?: AbortSignal } = {},
  ) {
    this.#services = services;
    this.#log = services.log;
    this.#limits = { ...LIMITS, ...limits };
    this.#changes = new Changes(services);
    if (closing?.aborted) this.close();
    else closing?.addEventListener("abort", () => this.close(), { once: true });
  }

  /** How many read now. */
  get connections(): number {
    return this.#connections.size;
  }

  /**
   * A stream of what happens from now on, and of what happened after `lastEventId`; where that is no longer known, of the
   * word that something may have. Null where there are too many readers, or the server is stopping.
   */
  open({ address, lastEventId }: { address: string; lastEventId: string | null }): ReadableStream<Uint8Array> | null {
    const { connections, perAddress } = this.#limits;
    const fromThere = [...this.#connections].filter((one) => one.address === address).length;
    if (this.#isClosed || this.#connections.size >= connections || fromThere >= perAddress) return null;
    // What happened while nobody read gets its number now, for who comes back.
    this.#poll();
    const connection = new Connection({ address, ended: (one) => this.#ended(one) });
    this.#connections.add(connection);
    connection.send(`retry: ${RETRY_MS}\n: tracker\n\n${this.#missedSince(lastEventId)}`);
    this.#stop ??= this.#start();
    return connection.stream;
  }

  /** Tells that something changed that is not in the database. */
  announce(): void {
    if (this.#connections.size > 0) this.#send({ type: "changed", data: {} });
  }

  /** Ends all streams, for good. */
  close(): void {
    this.#isClosed = true;
    for (const connection of [...this.#connections]) connection.close();
  }

  #start(): () => void {
    const { pollMs, heartbeatMs } = this.#limits;
    const timers = [setInterval(() => this.#poll(), pollMs), setInterval(() => this.#beat(), heartbeatMs)];
    const following = this.#services.fetchProgress.follow({
      fetching: (progress) => {
        this.#progress = progress;
      },
    });
    return () => {
      for (const timer of timers) clearInterval(timer);
      following[Symbol.dispose]();
    };
  }

  #ended(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.#connections.size > 0) return;
    this.#stop?.();
    this.#stop = null;
  }

  #poll(): void {
    try {
      for (const event of this.#changes.next()) this.#send(event);
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#log.warn("live.poll_failed", { error: messageOf(error) });
      this.#isFailing = true;
    }
    const progress = this.#progress;
    this.#progress = null;
    if (progress !== null) this.#send({ type: "progress", data: progressData(progress) });
  }

  #send({ type, data }: LiveEvent): void {
    const number = ++this.#lastNumber;
    const text = `id: ${this.#name}-${number}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
    this.#sent.push({ number, text });
    if (this.#sent.length > this.#limits.remembered) this.#sent.shift();
    for (const connection of [...this.#connections]) connection.send(text);
  }

  #missedSince(lastEventId: string | null): string {
    const now = `id: ${this.#name}-${this.#lastNumber}\n`;
    if (lastEventId === null) return `${now}event: ready\ndata: {}\n\n`;
    const seen = this.#numberOf(lastEventId);
    const oldest = this.#sent[0]?.number ?? this.#lastNumber + 1;
    if (seen === null || seen > this.#lastNumber || seen < oldest - 1) return `${now}event: changed\ndata: {}\n\n`;
    return this.#sent.filter(({ number }) => number > seen).map(({ text }) => text).join("");
  }

  #numberOf(id: string): number | null {
    const match = /^([0-9a-f]{8})-(\d{1,15})$/.exec(id);
    return match?.[1] === this.#name ? Number(match[2]) : null;
  }

  #beat(): void {
    for (const connection of [...this.#connections]) {
      if (performance.now() - connection.openedAtMs > this.#limits.longestMs) connection.close();
      else connection.send(": alive\n\n");
    }
  }
}

function progressData(progress: FetchProgress) {
  const { month, page, pages } = progress;
  return { text: progressText(progress), month: month.toString(), page, pages };
}

/** More than this waiting for a reader, and the reader is too slow. */
const MOST_QUEUED_BYTES = 64 * 1024;

/** One reader of the live feed. */
class Connection {
  readonly address: string;
  readonly openedAtMs: number;
  readonly stream: ReadableStream<Uint8Array>;
  readonly #encoder = new TextEncoder();
  readonly #ended: (connection: Connection) => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;

  /** `ended` is told once, whoever ends it. */
  constructor({ address, ended }: { address: string; ended: (connection: Connection) => void }) {
    this.address = address;
    this.openedAtMs = performance.now();
    this.#ended = ended;
    this.stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => this.#forget(),
    }, { highWaterMark: MOST_QUEUED_BYTES, size: ({ byteLength }) => byteLength });
  }

  /** Sends text; ends a reader that has not taken what was sent before. */
  send(text: string): void {
    const controller = this.#controller;
    if (controller === null) return;
    controller.enqueue(this.#encoder.encode(text));
    if ((controller.desiredSize ?? 0) > 0) return;
    this.#forget();
    // What waits is dropped with it.
    controller.error(new Error("The reader is too slow"));
  }

  /** Ends the stream; what was sent still arrives. */
  close(): void {
    const controller = this.#controller;
    if (controller === null) return;
    this.#forget();
    controller.close();
  }

  #forget(): void {
    if (this.#controller === null) return;
    this.#controller = null;
    this.#ended(this);
  }
}
