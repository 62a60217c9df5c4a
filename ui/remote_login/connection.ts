import type { RemoteScreen, ScreenFrame, ScreenInput, ScreenPlace, ScreenViewer } from "../../domain/remote_screen.ts";
import { frameMessage, readMessage, type ServerMessage } from "./messages.ts";

/** A viewer that says nothing after a picture gets the next one after this long all the same. */
const SHOWN_LIMIT_MS = 5_000;
/** Input that waits for a busy page; a person cannot make more. */
const MAX_WAITING = 300;

/** Why a connection is closed by this side; the codes are those of RFC 6455 and its range for applications. */
export const CLOSE = {
  done: 1000,
  notUnderstood: 1008,
  tooMuch: 1013,
  elsewhere: 4001,
} as const;

/** One viewer's WebSocket: pictures and news to it, input from it. */
export class ViewerConnection implements ScreenViewer {
  readonly #socket: WebSocket;
  readonly #screen: RemoteScreen;
  readonly #onInput: () => void;
  #waiting = 0;
  #shown: () => void = () => {};

  constructor(socket: WebSocket, { screen, onInput, onOpen, onClose }: {
    screen: RemoteScreen;
    /** A person did something. */
    onInput: () => void;
    onOpen: () => void;
    onClose: () => void;
  }) {
    this.#socket = socket;
    this.#screen = screen;
    this.#onInput = onInput;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", onOpen);
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", () => {
      this.#shown();
      onClose();
    });
    // A connection that breaks is closed next; its error says nothing more.
    socket.addEventListener("error", (event) => event.preventDefault());
  }

  tell(message: ServerMessage): void {
    if (this.#isOpen()) this.#socket.send(JSON.stringify(message));
  }

  close(code: number): void {
    if (this.#isOpen()) this.#socket.close(code);
  }

  /** Sends a picture and waits until it was shown, so that a slow line gets few pictures and not old ones. */
  async frame(frame: ScreenFrame): Promise<void> {
    if (!this.#isOpen()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#shown();
    this.#shown = resolve;
    const timer = setTimeout(resolve, SHOWN_LIMIT_MS);
    this.#socket.send(frameMessage(frame));
    await promise;
    clearTimeout(timer);
  }

  place(place: ScreenPlace): void {
    this.tell({ type: "place", ...place });
  }

  typing(isTyping: boolean): void {
    this.tell({ type: "typing", isTyping });
  }

  notice(text: string): void {
    this.tell({ type: "notice", text });
  }

  #receive(data: unknown): void {
    const message = readMessage(data);
    if (message === null) return this.close(CLOSE.notUnderstood);
    if (message.type === "shown") return this.#shown();
    if (message.type !== "size") this.#onInput();
    void this.#forward(message);
  }

  async #forward(input: ScreenInput): Promise<void> {
    if (this.#waiting >= MAX_WAITING) {
      // Moves can be left out; more than these no person makes.
      if (input.type === "mouse" && input.action === "move") return;
      return this.close(CLOSE.tooMuch);
    }
    this.#waiting++;
    try {
      await this.#screen.input(input);
    } finally {
      this.#waiting--;
    }
  }

  #isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }
}
