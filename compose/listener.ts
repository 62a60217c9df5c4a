import { messageOf } from "../domain/errors.ts";
import type { Log } from "../domain/log.ts";
import { type Asked, isStream, type WebHandler, type WholeAnswer } from "../ui/web/exchange.ts";
import { type Problem, problemAnswer } from "../ui/web/problem.ts";
import { createServer, type IncomingMessage, type RequestListener, type Server, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

/** How patient the server is with connections on which nothing happens, in milliseconds. */
interface Patience {
  /** For a request, from the start of the connection or its first byte to its last one. */
  readonly requestMs: number;
  /** Without a byte from or to the client: between two requests, or if it takes nothing of its answer. */
  readonly idleMs: number;
  /** How often requests that are not whole yet are looked at. */
  readonly lookMs: number;
  /** If more connections than this are open, those between two requests get no more time. */
  readonly mostConnections: number;
}

const PATIENCE: Patience = {
  requestMs: 30_000,
  idleMs: 300_000,
  lookMs: 5_000,
  mostConnections: 512,
};

/** Loading the pages keeps the process busy for a moment; whoever waits for the start is answered before that. */
const LOAD_AFTER_MS = 200;

/** Where to listen, and what answers. */
interface ListenOptions {
  readonly hostname: string;
  /** 0 takes one that is free. */
  readonly port: number;
  readonly answer: WebHandler;
  readonly log: Log;
  readonly patience?: Partial<Patience>;
}

/** Answers HTTP, and closes connections that are held without being used. */
export class Listener {
  readonly #answer: WebHandler;
  readonly #log: Log;
  readonly #server: Server;
  readonly #loadLater: ReturnType<typeof setTimeout>;
  #routes: RequestListener | null = null;
  #loading: Promise<RequestListener> | null = null;
  #connections = 0;
  #answering = 0;
  #whenAnswered: () => void = () => {};
  readonly #answered = () => {
    if (--this.#answering === 0) this.#whenAnswered();
  };

  /** @throws Error with a `code` of Node's, such as EADDRINUSE, if the address cannot be listened on. */
  static async open({ hostname, port, ...options }: ListenOptions): Promise<Listener> {
    const listener = new Listener(options);
    const server = listener.#server;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once("error", reject).listen({ host: hostname, port }, resolve);
    try {
      await promise;
    } catch (error) {
      clearTimeout(listener.#loadLater);
      throw error;
    }
    server.off("error", reject).on("error", (error) => options.log.error("http.failed", { error: messageOf(error) }));
    return listener;
  }

  private constructor({ answer, log, patience }: Omit<ListenOptions, "hostname" | "port">) {
    const { requestMs, idleMs, lookMs, mostConnections } = { ...PATIENCE, ...patience };
    this.#answer = answer;
    this.#log = log;
    this.#server = createServer({
      headersTimeout: requestMs,
      requestTimeout: requestMs,
      // One timer for each connection, which its bytes put off: this one would be made anew for each request.
      keepAliveTimeout: 0,
      connectionsCheckingInterval: lookMs,
    }, (incoming, outgoing) => {
      this.#respond(incoming, outgoing).catch((error) => {
        log.error("http.failed", { error: messageOf(error) });
        if (outgoing.headersSent) outgoing.destroy();
        else outgoing.writeHead(500).end();
      });
    });
    this.#server.setTimeout(idleMs).on("connection", (socket) => {
      if (++this.#connections > mostConnections) this.#server.closeIdleConnections();
      socket.once("close", () => this.#connections--);
    });
    this.#loadLater = setTimeout(() => void this.#load().catch(() => undefined), LOAD_AFTER_MS);
  }

  get addr(): { readonly hostname: string; readonly port: number } {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The server must be open: it is closed");
    return { hostname: address.address, port: address.port };
  }

  /** Takes no more connections, and ends when those that are answered have their answers. */
  async shutdown(): Promise<void> {
    clearTimeout(this.#loadLater);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (this.#answering > 0) await new Promise<void>((resolve) => this.#whenAnswered = resolve);
    this.#server.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  async #respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.#answering++;
    outgoing.once("close", this.#answered);
    // Nobody reads the body of a read, and whoever sends one could hold the connection with it.
    if (announcesBody(incoming) && isRead(incoming)) outgoing.shouldKeepAlive = false;
    const whole = this.#answer.atOnce(askedBy(incoming));
    if (whole !== null) return await sendWhole(outgoing, whole);
    const routes = this.#routes ?? await this.#load();
    await routes(incoming, outgoing);
  }

  #load(): Promise<RequestListener> {
    return this.#loading ??= routesOf(this.#answer, this.#log).then((routes) => this.#routes = routes);
  }
}

function announcesBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

function askedBy({ method = "", url = "", headers }: IncomingMessage): Asked {
  return {
    method,
    url: `http://${headers.host}${url}`,
    header(name) {
      const value = headers[name];
      return typeof value === "string" ? value : null;
    },
  };
}

/** What answers with Requests and Responses; loaded when it is needed. */
async function routesOf(answer: WebHandler, log: Log): Promise<RequestListener> {
  const [{ getRequestListener, RequestError }, { RESPONSE_ALREADY_SENT }, fetch] = await Promise.all([
    import("@hono/node-server"),
    import("@hono/node-server/utils/response"),
    answer.load(),
  ]);
  return getRequestListener(async (request, { incoming, outgoing }) => {
    if (!(outgoing instanceof ServerResponse)) throw new TypeError("The answer must go out by HTTP/1.1");
    const remoteAddr = { hostname: incoming.socket.remoteAddress ?? "" };
    await send(outgoing, await fetch(request, { remoteAddr }));
    return RESPONSE_ALREADY_SENT;
  }, {
    // Requests of HTTP/1.0 name no host.
    hostname: "localhost",
    overrideGlobalObjects: false,
    errorHandler(error) {
      if (error instanceof RequestError) return problemAnswer(NO_ADDRESS);
      log.error("http.failed", { error: messageOf(error) });
      return problemAnswer(FAILED);
    },
  });
}

const NO_ADDRESS: Problem = {
  status: 400,
  title: "Bad request",
  detail: "The address that was asked for, or the Host header, must be one that a URL can have.",
};
const FAILED: Problem = {
  status: 500,
  title: "Internal error",
  detail: "The answer could not be made; the log says why.",
};

async function send(outgoing: ServerResponse, response: Response): Promise<void> {
  const headers: string[] = [];
  response.headers.forEach((value, name) => headers.push(name, value));
  if (response.body === null) {
    outgoing.writeHead(response.status, headers).end();
  } else if (isStream(response)) {
    outgoing.writeHead(response.status, headers).flushHeaders();
    const body = response.body as NodeReadableStream<Uint8Array>; // the same class under Node's type
    await sendAll(Readable.fromWeb(body), outgoing);
  } else {
    const body = await response.bytes();
    if (!response.headers.has("content-length")) headers.push("content-length", String(body.byteLength));
    await sendWhole(outgoing, { status: response.status, headers, body });
  }
}

/** What is handed to the system at a time: whoever takes so much within the time-out is no client that takes nothing. */
const PIECE_BYTES = 65_536;

async function sendWhole(
  outgoing: ServerResponse,
  { status, headers, body }: Omit<WholeAnswer, "headers"> & { headers: WholeAnswer["headers"] | string[] },
): Promise<void> {
  outgoing.writeHead(status, headers);
  if (body === null || body.byteLength <= PIECE_BYTES) outgoing.end(body);
  else await sendAll(piecesOf(body), outgoing);
}

function* piecesOf(body: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += PIECE_BYTES) yield body.subarray(at, at + PIECE_BYTES);
}

/** Ends without an error if the client leaves, or if it is sent away. */
async function sendAll(source: Readable | Iterable<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  await pipeline(source, outgoing).catch(() => undefined);
}
