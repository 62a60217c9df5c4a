/** More than this waiting for a reader, and the reader is too slow. */
const MOST_QUEUED_BYTES = 64 * 1024;

/** One reader of the live feed. */
export class Connection {
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
