/// <reference lib="dom" />
import type { CDPSession, Page } from "playwright-core";
import { z } from "zod";
import type { ScreenFrame, ScreenInput, ScreenPlace } from "../../domain/remote_screen.ts";
import { dispatchKey, dispatchPointer } from "./remote_input.ts";
import { JPEG_QUALITY, SharpPictures } from "./sharp_pictures.ts";

/** A page that is busy takes its input late; the next input does not wait longer than this. */
const INPUT_LIMIT_MS = 2_000;
/** So many keys or moves are under way at once: each on its own would be slower than a person types. */
const MAX_UNDER_WAY = 40;

/** What the viewer's window is like. */
export type ScreenSize = Omit<Extract<ScreenInput, { type: "size" }>, "type">;

/** The page that is shown, over the DevTools protocol. */
export class RemoteStage {
  readonly page: Page;
  readonly #cdp: CDPSession;
  readonly #underWay = new Set<Promise<unknown>>();
  #lastKind: string | null = null;
  #sharpPictures: SharpPictures | null = null;

  private constructor(page: Page, cdp: CDPSession) {
    this.page = page;
    this.#cdp = cdp;
  }

  static async open(page: Page): Promise<RemoteStage> {
    return new RemoteStage(page, await page.context().newCDPSession(page));
  }

  /** Gives the page the viewer's size, brings it to the front and sends a picture after each change of it. */
  async start(size: ScreenSize, show: (frame: ScreenFrame) => Promise<void>): Promise<void> {
    const sharpPictures = new SharpPictures(this.#cdp, show);
    this.#sharpPictures = sharpPictures;
    this.#cdp.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
      const { deviceWidth: width, deviceHeight: height } = metadata;
      const shown = sharpPictures.replaces({ data, width, height })
        ? Promise.resolve()
        : show({ jpeg: Uint8Array.fromBase64(data), width, height });
      void shown.then(() => this.#cdp.send("Page.screencastFrameAck", { sessionId }))
        .catch(() => undefined); // the page was closed in the meantime
    });
    await this.page.bringToFront();
    await this.resize(size);
  }

  async resize({ width, height, scale, hasTouch }: ScreenSize): Promise<void> {
    const cdp = this.#cdp;
    this.#sharpPictures?.restart({ isDense: scale > 1 });
    await cdp.send("Page.stopScreencast");
    await cdp.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: scale, mobile: false });
    await cdp.send("Emulation.setTouchEmulationEnabled", { enabled: hasTouch, maxTouchPoints: hasTouch ? 5 : 1 });
    await cdp.send("Page.startScreencast", {
      format: "jpeg",
      quality: JPEG_QUALITY,
      maxWidth: width,
      maxHeight: height,
    });
  }

  /** A phone's keyboard takes half of the window: the field that is typed into stays in what is left. */
  async keepFieldInSight(): Promise<void> {
    const work = this.page.evaluate(() => document.activeElement?.scrollIntoView({ block: "nearest" }));
    await withinLimit(work, INPUT_LIMIT_MS);
  }

  /** Lets go of the page; it stays open. Never throws. */
  async stop(): Promise<void> {
    this.#sharpPictures?.stop();
    await this.#cdp.send("Page.stopScreencast").catch(() => undefined); // a closed page sends no more pictures anyway
    await this.#cdp.detach().catch(() => undefined);
  }

  /** Input in the page, in its order: keys follow keys and moves follow moves at once, all else waits for what was before. */
  async input(input: Exclude<ScreenInput, { type: "size" | "go" }>): Promise<void> {
    this.#sharpPictures?.holdOff();
    const isMove = input.type === "mouse" && input.action === "move";
    const kind = isMove ? "move" : input.type === "key" ? "key" : null;
    const mustWait = kind === null || kind !== this.#lastKind || this.#underWay.size >= MAX_UNDER_WAY;
    if (mustWait) await Promise.all(this.#underWay);
    this.#lastKind = kind;
    const done = withinLimit(this.#dispatch(input), INPUT_LIMIT_MS).finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
    if (kind === null) await done;
  }

  async place(pages: number): Promise<ScreenPlace> {
    const url = URL.parse(this.page.url());
    const title = await withinLimit(this.page.title(), INPUT_LIMIT_MS) ?? "";
    // What comes after the path may hold keys of the login.
    return { origin: url === null ? "" : originOf(url), path: url?.pathname ?? "", title, pages };
  }

  /** Whether a text field has the focus; a frame of another site counts as one, as it does not tell. */
  async isTyping(): Promise<boolean> {
    const found = await withinLimit(
      this.page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        if (element === null) return false;
        return element.matches("textarea, select, iframe, [contenteditable]:not([contenteditable=false])") ||
          (element.matches("input") && !element.matches("[type=button],[type=submit],[type=checkbox],[type=radio]"));
      }),
      INPUT_LIMIT_MS,
    );
    return z.boolean().catch(false).parse(found);
  }

  async #dispatch(input: Exclude<ScreenInput, { type: "size" | "go" }>): Promise<void> {
    if (input.type === "key") return await dispatchKey(this.#cdp, input);
    if (input.type !== "text") return await dispatchPointer(this.#cdp, input);
    await this.#cdp.send("Input.insertText", { text: input.text });
  }
}

function originOf({ origin, protocol }: URL): string {
  return origin === "null" ? protocol : origin;
}

/** The work's value, or null where it fails or takes too long. Its error may name what was typed, and goes nowhere. */
async function withinLimit<T>(work: Promise<T>, limitMs: number): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => timer = setTimeout(() => resolve(null), limitMs));
  try {
    return await Promise.race([work.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}
