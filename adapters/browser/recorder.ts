import { MAX_PAYLOAD_BYTES, type RawPayload } from "../../domain/capture/capture.ts";
import { messageOf } from "../../domain/errors.ts";
import { formatBytes } from "../../domain/format.ts";
import { isOwnHost, isUsageUrl } from "./in_page.ts";
import type { CDPSession } from "playwright-core";

/** All payloads of one capture together: 64 MiB. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;
const MAX_CALLS = 500;

interface Request {
  readonly url: string;
  readonly method: string;
  readonly body: string | null;
  readonly isDocument: boolean;
  status: number;
  contentType: string;
  bytes: number;
}

/** The page's own document, as it was last answered. */
interface DocumentAnswer {
  readonly url: string;
  readonly status: number;
  readonly isChallenged: boolean;
}

/**
 * Listens to a page over the DevTools protocol and keeps the JSON answers of the usage page's host. The protocol tells
 * sizes while they grow, so that a body without a stated length can't fill the memory.
 */
export class Recorder {
  readonly payloads: RawPayload[] = [];
  readonly apiCalls: { path: string; status: number }[] = [];
  readonly problems: string[] = [];
  document: DocumentAnswer | null = null;
  /** URLs whose answers were too large to keep: asking again would bring the same. */
  readonly tooLarge = new Set<string>();
  /** Why the page's document did not arrive whole. */
  documentFailure: string | null = null;
  /** A call to the site's API was answered by the bot protection. */
  isApiChallenged = false;

  readonly #cdp: CDPSession;
  readonly #usageUrl: URL;
  readonly #open = new Map<string, Request>();
  readonly #bodies = new Set<Promise<void>>();
  #totalBytes = 0;
  #notify: () => void = () => {};

  constructor(cdp: CDPSession, usageUrl: URL) {
    this.#cdp = cdp;
    this.#usageUrl = usageUrl;
  }

  /** Calls `notify` after each thing that was seen. */
  onChange(notify: () => void): void {
    this.#notify = notify;
  }

  /** Whether an answer that may hold usage data is still awaited. */
  get isBusy(): boolean {
    return this.isReading || [...this.#open.values()].some(({ url }) => this.#isWanted(url));
  }

  /** Whether an answer has come and its body is being read. */
  get isReading(): boolean {
    return this.#bodies.size > 0;
  }

  async start(): Promise<void> {
    this.#cdp.on("Network.requestWillBeSent", ({ requestId, request, type, redirectResponse }) => {
      if (redirectResponse !== undefined) this.#open.delete(requestId);
      const { url, method, postData = null } = request;
      const isDocument = type === "Document";
      if (isDocument) this.documentFailure = null;
      this.#open.set(requestId, { url, method, body: postData, isDocument, status: 0, contentType: "", bytes: 0 });
    });
    this.#cdp.on("Network.responseReceived", ({ requestId, response }) => {
      const request = this.#open.get(requestId);
      if (request === undefined) return;
      request.status = response.status;
      request.contentType = response.mimeType;
      this.#answered(request, header(response.headers, "x-vercel-mitigated") === "challenge");
    });
    this.#cdp.on("Network.dataReceived", ({ requestId, dataLength }) => {
      const request = this.#open.get(requestId);
      if (request !== undefined) request.bytes += dataLength;
    });
    this.#cdp.on("Network.loadingFinished", ({ requestId }) => this.#finished(requestId));
    this.#cdp.on("Network.loadingFailed", ({ requestId, errorText, canceled }) => {
      this.#failed(requestId, { errorText, isCanceled: canceled ?? false });
    });
    await this.#cdp.send("Network.enable", {
      maxResourceBufferSize: MAX_PAYLOAD_BYTES + 1024,
      maxTotalBufferSize: MAX_TOTAL_BYTES * 2,
    });
  }

  #answered(request: Request, isChallenged: boolean): void {
    const { url, status, isDocument } = request;
    if (isDocument) this.document = { url, status, isChallenged };
    if (!isDocument && this.#isWanted(url)) {
      if (isChallenged) this.isApiChallenged = true;
      this.#note(url, status);
    }
    this.#notify();
  }

  #finished(requestId: string): void {
    const request = this.#open.get(requestId);
    this.#open.delete(requestId);
    if (request !== undefined && !request.isDocument && this.#isPayload(request)) {
      const reading = this.#keepBody(requestId, request).finally(() => {
        this.#bodies.delete(reading);
        this.#notify();
      });
      this.#bodies.add(reading);
    }
    this.#notify();
  }

  #failed(requestId: string, { errorText, isCanceled }: { errorText: string; isCanceled: boolean }): void {
    const request = this.#open.get(requestId);
    this.#open.delete(requestId);
    if (request === undefined || isCanceled || !(request.isDocument || this.#isWanted(request.url))) return;
    if (request.isDocument) {
      this.document = null;
      this.documentFailure = errorText;
    } else if (request.status === 0) this.#note(request.url, 0);
    this.#problem(`${new URL(request.url).pathname}: ${errorText}`);
    this.#notify();
  }

  async #keepBody(requestId: string, { url, method, body, status, contentType, bytes }: Request): Promise<void> {
    const path = new URL(url).pathname;
    if (bytes > MAX_PAYLOAD_BYTES || this.#totalBytes + bytes > MAX_TOTAL_BYTES) {
      this.tooLarge.add(url);
      this.#problem(`${path}: the answer is larger than ${formatBytes(MAX_PAYLOAD_BYTES)}`);
      return;
    }
    this.#totalBytes += bytes;
    try {
      const answer = await this.#cdp.send("Network.getResponseBody", { requestId });
      const text = answer.base64Encoded ? decodeBase64(answer.body) : answer.body;
      this.payloads.push({ kind: "network_json", url, method, status, requestBody: body, contentType, body: text });
    } catch (error) {
      this.#problem(`${path}: the answer's body could not be read (${messageOf(error)})`);
    }
  }

  #isPayload({ url, contentType }: Request): boolean {
    return this.#isWanted(url) && /^application\/(?:[\w.-]+\+)?json$/i.test(contentType);
  }

  #isWanted(url: string): boolean {
    return isOwnHost(url, this.#usageUrl) && isUsageUrl(url);
  }

  #note(url: string, status: number): void {
    if (this.apiCalls.length < MAX_CALLS) this.apiCalls.push({ path: new URL(url).pathname, status });
  }

  #problem(text: string): void {
    if (this.problems.length < MAX_CALLS) this.problems.push(text);
  }
}

function header(headers: Record<string, string>, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

function decodeBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(text));
}
