import type { Clock } from "../../domain/clock.ts";
import type { RemoteScreen } from "../../domain/operations/remote_screen.ts";
import { CLOSE, ViewerConnection } from "./connection.ts";
import { createHash, timingSafeEqual } from "node:crypto";

const IDLE_WARNING_MS = 60_000;

/** How long a remote login may take. */
export interface RemoteLimits {
  /** From its start to its end. */
  readonly totalMs: number;
  /** Without anything being done by the viewer, once the link was opened. */
  readonly idleMs: number;
}

/** What is told to the viewer at the end. */
export interface RemoteEnd {
  readonly title: string;
  readonly text: string;
}

/** One login from afar: its link, its one viewer, and its time. */
export class RemoteLogin {
  readonly link = new OneTimeLink();
  readonly #screen: RemoteScreen;
  readonly #clock: Clock;
  readonly #endsAt: Temporal.Instant;
  readonly #idle: Countdown;
  #viewer: ViewerConnection | null = null;
  #lastStep: string | null = null;
  #isOver = false;

  constructor({ screen, clock, limits: { totalMs, idleMs }, onIdle, after = afterTime }: {
    screen: RemoteScreen;
    clock: Clock;
    limits: RemoteLimits;
    onIdle: () => void;
    after?: After;
  }) {
    this.#screen = screen;
    this.#clock = clock;
    this.#endsAt = clock.now().add({ milliseconds: totalMs });
    const warnMs = Math.min(IDLE_WARNING_MS, idleMs / 2);
    const warning = `Nothing was done for a while: this ends in ${Math.round(warnMs / 1000)} seconds.`;
    this.#idle = countdown({
      limitMs: idleMs,
      warnMs,
      onWarn: () => this.#viewer?.notice(warning),
      onEnd: onIdle,
      after,
    });
  }

  /** Changes the link's token for a pass; from now on somebody is expected to do something. */
  claim(token: string): ReturnType<OneTimeLink["claim"]> {
    const claim = this.link.claim(token);
    if (claim.outcome === "accepted") this.#idle.restart();
    return claim;
  }

  /** Shows the screen on this socket. The same person's earlier one, from before a reload or a lost line, is closed. */
  admit(socket: WebSocket): void {
    const viewer = new ViewerConnection(socket, {
      screen: this.#screen,
      onInput: () => this.#idle.restart(),
      onOpen: () => this.#opened(viewer),
      onClose: () => this.#closed(viewer),
    });
  }

  /** Tells the viewer what is seen of the login. */
  step(text: string): void {
    this.#lastStep = text;
    this.#viewer?.tell({ type: "step", text });
  }

  /** Tells the viewer how it ended; nobody is shown anything any more, and the link is dead. */
  end(end: RemoteEnd): void {
    this.#isOver = true;
    this.link.kill();
    this.#idle.stop();
    this.#viewer?.tell({ type: "end", ...end });
    this.#viewer?.close(CLOSE.done);
  }

  #opened(viewer: ViewerConnection): void {
    if (this.#isOver) return viewer.close(CLOSE.done);
    this.#viewer?.close(CLOSE.elsewhere);
    this.#viewer = viewer;
    const leftMs = this.#clock.now().until(this.#endsAt).total("milliseconds");
    viewer.tell({ type: "time", leftMs: Math.max(0, Math.round(leftMs)) });
    if (this.#lastStep !== null) viewer.tell({ type: "step", text: this.#lastStep });
    void this.#screen.showTo(viewer);
  }

  #closed(viewer: ViewerConnection): void {
    if (this.#viewer !== viewer) return;
    this.#viewer = null;
    if (!this.#isOver) void this.#screen.showTo(null);
  }
}

/** Does something after a time, unless the function that it answers is called before. */
export type After = (ms: number, act: () => void) => () => void;

/** By the system's own timer. */
const afterTime: After = (ms, act) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

/** Calls back when nothing has happened for so long, once. */
interface Countdown {
  /** Something has happened: it begins anew. */
  restart(): void;
  stop(): void;
}

/** A countdown that has not begun yet. `onWarn` comes `warnMs` before the end. */
function countdown(
  { limitMs, warnMs, onWarn, onEnd, after }: {
    limitMs: number;
    warnMs: number;
    onWarn: () => void;
    onEnd: () => void;
    after: After;
  },
): Countdown {
  let cancels: readonly (() => void)[] = [];
  const stop = () => cancels.forEach((cancel) => cancel());
  return {
    stop,
    restart() {
      stop();
      cancels = [after(limitMs - warnMs, onWarn), after(limitMs, onEnd)];
    },
  };
}

const TOKEN_BYTES = 32;

/** What became of a link that was opened. */
type Claim = { readonly outcome: "accepted"; readonly pass: string } | { readonly outcome: "used" | "wrong" };

/**
 * A link that works once. Its token is changed for a pass, which the viewer's browser keeps as a cookie; from then on the
 * token opens nothing. Both are 256 random bits, and only their digests are kept.
 */
class OneTimeLink {
  readonly token = randomText();
  #tokenDigest: Uint8Array | null = digest(this.token);
  readonly #spentDigest = digest(this.token);
  #passDigest: Uint8Array | null = null;

  claim(token: string): Claim {
    const given = digest(token);
    if (this.#tokenDigest === null) return { outcome: timingSafeEqual(given, this.#spentDigest) ? "used" : "wrong" };
    if (!timingSafeEqual(given, this.#tokenDigest)) return { outcome: "wrong" };
    const pass = randomText();
    this.#tokenDigest = null;
    this.#passDigest = digest(pass);
    return { outcome: "accepted", pass };
  }

  /** Neither token nor pass opens anything any more. */
  kill(): void {
    this.#tokenDigest = null;
    this.#passDigest = null;
  }

  /** Whether this is the pass that the link was changed for. */
  accepts(pass: string | undefined): boolean {
    return pass !== undefined && this.#passDigest !== null && timingSafeEqual(digest(pass), this.#passDigest);
  }
}

function randomText(): string {
  return crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)).toBase64({ alphabet: "base64url", omitPadding: true });
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
