import type {
  RemoteScreen,
  ScreenFrame,
  ScreenInput,
  ScreenPlace,
  ScreenViewer,
} from "../../domain/operations/remote_screen.ts";
import { z } from "zod";

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

/** What a viewer may send at most in one message; a pasted text is the longest. */
const MAX_MESSAGE_CHARS = 64 * 1024;
const MAX_TEXT_CHARS = 10_000;
const MAX_FINGERS = 10;
/** A page wider than this is no screen that a person looks at. */
const MAX_PIXELS = 4_000;

const position = z.number().min(-MAX_PIXELS).max(MAX_PIXELS);
const modifiers = z.int().min(0).max(15);

const screenInput = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("mouse"),
    action: z.enum(["move", "down", "up"]),
    x: position,
    y: position,
    button: z.enum(["none", "left", "middle"]),
    buttons: z.int().min(0).max(7),
    clicks: z.int().min(0).max(3),
    modifiers,
  }),
  z.strictObject({ type: z.literal("wheel"), x: position, y: position, dx: position, dy: position, modifiers }),
  z.strictObject({
    type: z.literal("touch"),
    action: z.enum(["start", "move", "end", "cancel"]),
    points: z.array(z.strictObject({ x: position, y: position, id: z.int().min(0).max(MAX_FINGERS - 1) }))
      .max(MAX_FINGERS),
  }),
  z.strictObject({
    type: z.literal("key"),
    action: z.enum(["down", "up"]),
    key: z.string().min(1).max(32),
    code: z.string().max(32),
    keyCode: z.int().min(0).max(255),
    location: z.int().min(0).max(3),
    isRepeat: z.boolean(),
    modifiers,
  }),
  z.strictObject({ type: z.literal("text"), text: z.string().min(1).max(MAX_TEXT_CHARS) }),
  z.strictObject({ type: z.literal("go"), to: z.enum(["back", "reload", "usage", "close"]) }),
  z.strictObject({
    type: z.literal("size"),
    width: z.int().min(240).max(2_560),
    height: z.int().min(200).max(2_560),
    scale: z.number().min(1).max(2),
    hasTouch: z.boolean(),
  }),
]);

const viewerMessage = z.union([screenInput, z.strictObject({ type: z.literal("shown") })]);

/** What a viewer sends: input, or that the last picture has been shown. */
type ViewerMessage = ScreenInput | { readonly type: "shown" };

/** The message, or null for anything that is none. What it holds is never repeated: it may be a password. */
function readMessage(data: unknown): ViewerMessage | null {
  if (typeof data !== "string" || data.length > MAX_MESSAGE_CHARS) return null;
  try {
    return viewerMessage.parse(JSON.parse(data));
  } catch {
    return null;
  }
}

/** What a viewer is told, besides the pictures. */
type ServerMessage =
  | { readonly type: "place" } & ScreenPlace
  | { readonly type: "typing"; readonly isTyping: boolean }
  | { readonly type: "notice"; readonly text: string }
  | { readonly type: "step"; readonly text: string }
  /** How long the whole login may still take. */
  | { readonly type: "time"; readonly leftMs: number }
  | { readonly type: "end"; readonly title: string; readonly text: string };

/** A picture as one message: width and height in two bytes each, then the JPEG. */
function frameMessage({ jpeg, width, height }: ScreenFrame): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(4 + jpeg.length);
  const header = new DataView(message.buffer);
  header.setUint16(0, Math.round(width));
  header.setUint16(2, Math.round(height));
  message.set(jpeg, 4);
  return message;
}
