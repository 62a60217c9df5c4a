import type { BrowserContext, Page } from "playwright-core";
import type { RemoteScreen, ScreenFrame, ScreenInput, ScreenViewer } from "../../domain/remote_screen.ts";
import { RemoteStage, type ScreenSize } from "./remote_stage.ts";

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
