/** What is asked for: what an answer at hand is found by, without a Request made for it. */
export interface Asked {
  readonly method: string;
  /** With the host that the request names. */
  readonly url: string;
  header(name: string): string | null;
}

/** What a Request asks for. */
export function askedBy(request: Request): Asked {
  return { method: request.method, url: request.url, header: (name) => request.headers.get(name) };
}

/** An answer whose bytes are all there. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null if the status has none. */
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** The same as a Response. */
export function responseOf({ status, headers, body }: WholeAnswer): Response {
  return new Response(body, { status, headers });
}

/** Whether an answer goes on for as long as its reader stays. */
export function isStream(response: Response): boolean {
  return (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
}

/** Headers as an object. Their iterator takes ten times as long as this. */
export function recordOf(headers: Headers): Record<string, string> {
  const record: Record<string, string> = {};
  headers.forEach((value, name) => record[name] = value);
  return record;
}

/** The other end of a connection, as the server knows it. */
export interface Connection {
  readonly remoteAddr: { readonly hostname: string };
}

/** Answers a Request. */
export type Fetch = (request: Request, connection?: Connection) => Response | Promise<Response>;

/** What answers HTTP. */
export interface WebHandler {
  /** An answer that is at hand; null if there is none. */
  atOnce(asked: Asked): WholeAnswer | null;
  /** Everything else: the routes and pages, which take a moment to load. */
  load(): Promise<Fetch>;
}
