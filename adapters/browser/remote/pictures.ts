import type { ScreenFrame } from "../../../domain/operations/remote_screen.ts";
import type { CDPSession } from "playwright-core";

export const JPEG_QUALITY = 75;
/** A page that nothing is done in for so long is at rest. */
const REST_MS = 500;

interface Picture {
  readonly data: string;
  readonly width: number;
  readonly height: number;
}

/**
 * Sharp pictures for a dense screen. The screencast has one pixel for each of the page's own, which is quick and looks
 * blurred on a phone: while the page is at rest, its changes are shown by screenshots, at most two a second.
 */
export class SharpPictures {
  readonly #cdp: CDPSession;
  readonly #show: (frame: ScreenFrame) => Promise<void>;
  #isDense = false;
  #isResting = false;
  #last: Picture | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(cdp: CDPSession, show: (frame: ScreenFrame) => Promise<void>) {
    this.#cdp = cdp;
    this.#show = show;
  }

  /** The page has got another size, or is shown for the first time. */
  restart({ isDense }: { isDense: boolean }): void {
    this.#isDense = isDense;
    this.#last = null;
    this.holdOff();
  }

  /** Something is being done: quick pictures are better now. */
  holdOff(): void {
    if (!this.#isDense) return;
    this.stop();
    this.#isResting = false;
    this.#timer = setTimeout(() => this.#rest(), REST_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Whether a sharp picture comes in the place of this quick one, or came already. */
  replaces(picture: Picture): boolean {
    const isSame = this.#last?.data === picture.data;
    this.#last = picture;
    if (!this.#isResting || !this.#isDense) return false;
    if (!isSame) this.#timer ??= setTimeout(() => this.#rest(), REST_MS);
    return true;
  }

  #rest(): void {
    this.#timer = undefined;
    this.#isResting = true;
    const picture = this.#last;
    if (picture === null) return;
    void this.#take(picture).catch(() => undefined); // the page was closed, and with it the picture
  }

  async #take({ width, height }: Picture): Promise<void> {
    const options = { format: "jpeg", quality: JPEG_QUALITY, optimizeForSpeed: true } as const;
    const { data } = await this.#cdp.send("Page.captureScreenshot", options);
    if (this.#isResting) await this.#show({ jpeg: Uint8Array.fromBase64(data), width, height });
  }
}
