import type { RemoteScreen, ScreenInput, ScreenViewer } from "../../../domain/operations/remote_screen.ts";
import { createRemoteApp } from "../../../ui/login/app.ts";
import { type After, RemoteLogin } from "../../../ui/login/remote_login.ts";
import { FakeTime } from "../../fake_time.ts";

/** A screen that keeps what is done on it. */
class FakeScreen implements RemoteScreen {
  readonly inputs: ScreenInput[] = [];
  viewer: ScreenViewer | null = null;
  /** Called after each change of viewer or input. */
  changed: () => void = () => {};

  showTo(viewer: ScreenViewer | null): Promise<void> {
    this.viewer = viewer;
    this.changed();
    return Promise.resolve();
  }

  input(input: ScreenInput): Promise<void> {
    this.inputs.push(input);
    this.changed();
    return Promise.resolve();
  }

  /** Waits until the condition holds after a change. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.changed = () => {
        if (holds()) resolve();
      };
      this.changed();
    });
  }
}

/** Timers that a test moves on. */
class FakeTimers {
  #nowMs = 0;
  #due: { atMs: number; act: () => void }[] = [];

  readonly after: After = (ms, act) => {
    const timer = { atMs: this.#nowMs + ms, act };
    this.#due.push(timer);
    return () => this.#due = this.#due.filter((other) => other !== timer);
  };

  pass(ms: number): void {
    this.#nowMs += ms;
    const due = this.#due.filter(({ atMs }) => atMs <= this.#nowMs);
    this.#due = this.#due.filter(({ atMs }) => atMs > this.#nowMs);
    for (const { act } of due) act();
  }
}

/** A remote login on 127.0.0.1 with a screen of its own. */
interface RemoteParts {
  readonly login: RemoteLogin;
  readonly screen: FakeScreen;
  readonly app: ReturnType<typeof createRemoteApp>;
  readonly origin: string;
  readonly timers: FakeTimers;
  /** Whether the idle limit was reached. */
  isIdle(): boolean;
  claim(token: string, headers?: Record<string, string>): Promise<Response>;
  /** Changes the token for a pass; answers the Cookie header. */
  pass(): Promise<string>;
  open(headers: Record<string, string>): Viewer;
}

/** Runs `use` with a remote login of 15 minutes in all and 5 without input. */
export async function withRemote(use: (parts: RemoteParts) => Promise<void>): Promise<void> {
  const screen = new FakeScreen();
  const timers = new FakeTimers();
  let isIdle = false;
  const login = new RemoteLogin({
    screen,
    clock: new FakeTime("2026-11-21T20:00:00Z"),
    limits: { totalMs: 900_000, idleMs: 300_000 },
    onIdle: () => isIdle = true,
    after: timers.after,
  });
  const app = createRemoteApp({ login, hostNames: new Set(["localhost"]), cookieName: "pass" });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request, { remoteAddr }) => app.fetch(request, { peer: remoteAddr.hostname }),
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const viewers: Viewer[] = [];
  const claim = (token: string, headers: Record<string, string> = {}) =>
    fetch(`${origin}/claim`, {
      method: "POST",
      headers: { origin, "content-type": "application/json", ...headers },
      body: JSON.stringify({ token }),
    });
  try {
    await use({
      login,
      screen,
      app,
      origin,
      timers,
      isIdle: () => isIdle,
      claim,
      async pass() {
        const answer = await claim(login.link.token);
        await answer.body?.cancel();
        return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
      },
      open(headers) {
        const viewer = new Viewer(`${origin.replace("http", "ws")}/screen`, { origin, ...headers });
        viewers.push(viewer);
        return viewer;
      },
    });
  } finally {
    login.end({ title: "Over", text: "" });
    await Promise.all(viewers.map((viewer) => viewer.shut()));
    await server.shutdown();
  }
}

/** Deno's own constructor takes headers; the types of a browser, which other files ask for, know none. */
const WebSocketWithHeaders = WebSocket as unknown as new (
  url: string,
  options: { headers: Record<string, string> },
) => WebSocket;

/** A viewer's end of the WebSocket. */
class Viewer {
  readonly socket: WebSocket;
  readonly texts: string[] = [];
  readonly frames: Uint8Array[] = [];
  /** The close code; null where it was never opened. */
  readonly closed: Promise<number | null>;
  readonly opened: Promise<boolean>;
  #changed: () => void = () => {};

  constructor(url: string, headers: Record<string, string>) {
    this.socket = new WebSocketWithHeaders(url, { headers });
    this.socket.binaryType = "arraybuffer";
    let wasOpen = false;
    this.opened = new Promise((resolve) => {
      this.socket.addEventListener("open", () => resolve(wasOpen = true));
      this.socket.addEventListener("close", () => resolve(false));
      this.socket.addEventListener("error", (event) => event.preventDefault());
    });
    this.closed = new Promise((resolve) => {
      this.socket.addEventListener("close", ({ code }) => {
        resolve(wasOpen ? code : null);
        this.#changed();
      });
    });
    this.socket.addEventListener("message", ({ data }) => {
      if (typeof data === "string") this.texts.push(data);
      else this.frames.push(new Uint8Array(data));
      this.#changed();
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Waits until a text that matches has come. */
  heard(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      this.#changed = () => {
        const found = this.texts.find((text) => pattern.test(text));
        if (found !== undefined) resolve(found);
      };
      this.#changed();
    });
  }

  frameCame(): Promise<Uint8Array> {
    return new Promise((resolve) => {
      this.#changed = () => {
        const frame = this.frames.shift();
        if (frame !== undefined) resolve(frame);
      };
      this.#changed();
    });
  }

  async shut(): Promise<void> {
    if (this.socket.readyState < WebSocket.CLOSING) this.socket.close();
    await this.closed;
  }
}
