/// <reference lib="dom" />
import type {
  RemoteScreen,
  ScreenFrame,
  ScreenInput,
  ScreenPlace,
  ScreenViewer,
} from "../../../domain/operations/remote_screen.ts";
import { within } from "../../system/timer.ts";
import { dispatchKey, dispatchPointer } from "./input.ts";
import { JPEG_QUALITY, SharpPictures } from "./pictures.ts";
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { z } from "zod";

const FIRST_SIZE: ScreenSize = { width: 1280, height: 800, scale: 1, hasTouch: false };
const MAX_DIALOG_CHARS = 300;

/**
 * The newest of a browser's pages, shown and driven from elsewhere: a login may open a window of its own, and when that is
 * closed the page before it is shown again.
 */
export class BrowserScreen implements RemoteScreen {
  readonly #context: BrowserContext;
  readonly #usageUrl: URL;
  #viewer: ScreenViewer | null = null;
  #stage: RemoteStage | null = null;
  #size = FIRST_SIZE;
  /** What changes the page that is shown happens one after the other, and so does input. */
  #changes: Promise<void> = Promise.resolve();
  #inputs: Promise<void> = Promise.resolve();

  constructor(context: BrowserContext, { usageUrl }: { usageUrl: URL }) {
    this.#context = context;
    this.#usageUrl = usageUrl;
    context.pages().forEach((page) => this.#follow(page));
    context.on("page", (page) => {
      this.#follow(page);
      this.#change(() => this.#showNewest());
    });
  }

  async showTo(viewer: ScreenViewer | null): Promise<void> {
    this.#viewer = viewer;
    await this.#change(async () => {
      await this.#stage?.stop();
      this.#stage = null;
      await this.#showNewest();
    });
  }

  async input(input: ScreenInput): Promise<void> {
    this.#inputs = this.#inputs.then(() => this.#do(input)).catch(() => undefined); // the page went away: so did its input
    await this.#inputs;
  }

  async #do(input: ScreenInput): Promise<void> {
    if (input.type === "size") return await this.#resize(input);
    const stage = this.#stage;
    if (stage === null) return;
    if (input.type === "go") return await this.#go(stage.page, input.to);
    await stage.input(input);
    // The next input does not wait for it.
    if (mayMoveFocus(input)) void stage.isTyping().then((isTyping) => this.#viewer?.typing(isTyping));
  }

  async #resize({ type: _, ...size }: ScreenSize & { type: "size" }): Promise<void> {
    this.#size = size;
    await this.#change(async () => {
      const stage = this.#stage;
      await stage?.resize(size);
      if (await stage?.isTyping() === true) await stage?.keepFieldInSight();
    });
  }

  async #go(page: Page, to: "back" | "reload" | "usage" | "close"): Promise<void> {
    const waitUntil = "commit";
    if (to === "back") await page.goBack({ waitUntil });
    else if (to === "reload") await page.reload({ waitUntil });
    else if (to === "usage") await page.goto(this.#usageUrl.href, { waitUntil });
    else if (this.#context.pages().length > 1) await page.close();
  }

  #follow(page: Page): void {
    page.on("close", () => this.#change(() => this.#showNewest()));
    page.on("crash", () => void page.reload().catch(() => undefined)); // where it crashes again, the person sees it
    page.on("framenavigated", (frame) => {
      if (frame === page.mainFrame()) this.#tellPlace(page);
    });
    page.on("domcontentloaded", () => this.#tellPlace(page));
    page.on("load", () => this.#tellPlace(page));
    page.on("dialog", async (dialog) => {
      const isQuestion = dialog.type() === "confirm" || dialog.type() === "prompt";
      const said = dialog.message().slice(0, MAX_DIALOG_CHARS);
      if (dialog.type() !== "beforeunload") {
        this.#viewer?.notice(isQuestion ? `The page asked, and was told no: ${said}` : `The page says: ${said}`);
      }
      await (isQuestion ? dialog.dismiss() : dialog.accept()).catch(() => undefined); // it may be gone with its page
    });
    page.on("filechooser", () => this.#viewer?.notice("The page asked for a file: none can be given from here."));
    page.on("download", (download) => {
      this.#viewer?.notice("The page offered a download: it was refused.");
      void download.cancel().catch(() => undefined); // refused already
    });
  }

  /** Shows the newest open page, unless it is shown already. Nothing is sent while nobody looks. */
  async #showNewest(): Promise<void> {
    const page = this.#context.pages().at(-1);
    if (page === undefined || this.#stage?.page === page) return;
    await this.#stage?.stop();
    this.#stage = null;
    const stage = await RemoteStage.open(page);
    this.#stage = stage;
    if (this.#viewer === null) return;
    await stage.start(this.#size, (frame) => this.#showFrame(stage, frame));
    this.#tellPlace(page);
  }

  async #showFrame(stage: RemoteStage, frame: ScreenFrame): Promise<void> {
    if (this.#stage === stage) await this.#viewer?.frame(frame);
  }

  #tellPlace(page: Page): void {
    const stage = this.#stage;
    if (stage?.page !== page) return;
    const pages = this.#context.pages().length;
    void stage.place(pages).then((place) => {
      if (this.#stage === stage) this.#viewer?.place(place);
    });
  }

  #change(change: () => Promise<void>): Promise<void> {
    this.#changes = this.#changes.then(change).catch(() => undefined); // the page went away: the next change follows
    return this.#changes;
  }
}

function mayMoveFocus(input: ScreenInput): boolean {
  if (input.type === "mouse") return input.action === "up";
  if (input.type === "touch") return input.action === "end";
  return input.type === "key" && input.action === "up" && (input.key === "Tab" || input.key === "Enter");
}

/** A page that is busy takes its input late; the next input does not wait longer than this. */
const INPUT_LIMIT_MS = 2_000;
/** So many keys or moves are under way at once: each on its own would be slower than a person types. */
const MAX_UNDER_WAY = 40;

/** What the viewer's window is like. */
type ScreenSize = Omit<Extract<ScreenInput, { type: "size" }>, "type">;

/** The page that is shown, over the DevTools protocol. */
class RemoteStage {
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
function withinLimit<T>(work: Promise<T>, limitMs: number): Promise<T | null> {
  return within(limitMs, work.catch(() => null));
}
