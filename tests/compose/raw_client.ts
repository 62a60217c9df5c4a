/** A connection that writes what it is told, byte for byte. */
export class RawClient implements Disposable {
  readonly #connection: Deno.TcpConn;
  /** What came, when the server has closed the connection. */
  readonly closed: Promise<string>;
  #text = "";
  #waiting: (() => void)[] = [];

  static async connect(port: number): Promise<RawClient> {
    return new RawClient(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
    this.closed = this.#readAll();
  }

  async write(text: string): Promise<void> {
    await this.#connection.write(new TextEncoder().encode(text));
  }

  /** Waits until what came so far contains the text. */
  async until(text: string): Promise<string> {
    while (!this.#text.includes(text)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#text;
  }

  [Symbol.dispose](): void {
    try {
      this.#connection.close();
    } catch {
      // Closed already.
    }
  }

  async #readAll(): Promise<string> {
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const count = await this.#connection.read(buffer);
        if (count === null) return this.#text;
        this.#text += new TextDecoder().decode(buffer.subarray(0, count));
        for (const wake of this.#waiting.splice(0)) wake();
      }
    } catch {
      return this.#text; // Reset by the server.
    }
  }
}
