/** A connection that writes what it is told, byte for byte. */
export class RawClient implements Disposable {
  readonly #connection: Deno.TcpConn;
  /** What came, when the server has closed the connection. */
  readonly closed: Promise<string>;
  isClosed = false;
  #text = "";
  #waiting: (() => void)[] = [];

  /** Without `reads` nothing is taken of what comes but by `readSlowly` and `readAll`. */
  static async connect(port: number, { reads = true }: { reads?: boolean } = {}): Promise<RawClient> {
    return new RawClient(await Deno.connect({ hostname: "127.0.0.1", port }), { reads });
  }

  constructor(connection: Deno.TcpConn, { reads }: { reads: boolean }) {
    this.#connection = connection;
    this.closed = reads ? this.#readText() : Promise.resolve("");
  }

  async write(text: string): Promise<void> {
    await this.#connection.write(new TextEncoder().encode(text));
  }

  /** Writes the text again and again, until the server has closed the connection or this is disposed of. */
  trickle(text: string): AsyncDisposable {
    let goesOn = true;
    const ended = (async () => {
      while (goesOn && !this.isClosed) {
        await this.write(text);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })().catch(() => undefined);
    return {
      [Symbol.asyncDispose]: async () => {
        goesOn = false;
        await ended;
      },
    };
  }

  /** Waits until what came so far contains the text. @throws Error if the connection is closed before it does. */
  async until(text: string): Promise<string> {
    while (!this.#text.includes(text)) {
      if (this.isClosed) throw new Error(`The server must send "${text}": it closed after "${this.#text}"`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.#text;
  }

  /** Takes so many bytes in pieces with pauses between them; answers how many came. */
  async readSlowly({ bytes, pieces, withinMs }: { bytes: number; pieces: number; withinMs: number }): Promise<number> {
    const piece = new Uint8Array(Math.ceil(bytes / pieces));
    let taken = 0;
    while (taken < bytes) {
      const count = await this.#connection.read(piece);
      if (count === null) break;
      taken += count;
      await new Promise((resolve) => setTimeout(resolve, withinMs / pieces));
    }
    return taken;
  }

  /** Takes all that comes until the server closes the connection; answers how many bytes came. */
  async readAll(): Promise<number> {
    const buffer = new Uint8Array(1_000_000);
    let taken = 0;
    try {
      for (;;) {
        const count = await this.#connection.read(buffer);
        if (count === null) return taken;
        taken += count;
      }
    } catch {
      return taken; // Reset by the server.
    }
  }

  [Symbol.dispose](): void {
    try {
      this.#connection.close();
    } catch {
      // Closed already.
    }
  }

  async #readText(): Promise<string> {
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
    } finally {
      this.isClosed = true;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }
}
