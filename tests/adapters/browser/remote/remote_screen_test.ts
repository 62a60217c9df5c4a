import { launchBrowser } from "../../../../adapters/browser/launch.ts";
import { BrowserScreen } from "../../../../adapters/browser/remote/screen.ts";
import type {
  ScreenFrame,
  ScreenInput,
  ScreenPlace,
  ScreenViewer,
} from "../../../../domain/operations/remote_screen.ts";
import { BROWSER_PATH } from "../../../browser.ts";
import { withTempDir } from "../../../temp_dir.ts";
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

const SIZE = { type: "size", width: 600, height: 400, scale: 1, hasTouch: false } as const;

const MAIN = `<!doctype html><title>Main</title><style>* { margin: 0 } input, button { position: absolute; width: 200px;
  height: 30px; left: 10px }</style>
  <input id="name" style="top: 10px"><input type="file" style="top: 50px">
  <button style="top: 90px" onclick="window.open('/popup')">Open</button>
  <button style="top: 130px" onclick="alert('Hello'); document.title = 'confirm ' + confirm('Sure?')">Ask</button>
  <button style="top: 170px" onclick="document.querySelector('a').click()">Download</button>
  <a href="data:text/plain,x" download="x.txt"></a>
  <div style="height: 3000px"></div>`;
const POPUP = `<!doctype html><title>Popup</title><style>* { margin: 0 }</style>
  <button style="width: 200px; height: 100px" onclick="window.close()">Close</button>`;

/** What a viewer was told, and a way to wait for it. */
class FakeViewer implements ScreenViewer {
  readonly notices: string[] = [];
  readonly places: ScreenPlace[] = [];
  readonly frames: ScreenFrame[] = [];
  readonly typings: boolean[] = [];
  #changed: () => void = () => {};

  frame(frame: ScreenFrame): Promise<void> {
    this.frames.push(frame);
    this.#changed();
    return Promise.resolve();
  }
  place(place: ScreenPlace): void {
    this.places.push(place);
    this.#changed();
  }
  typing(isTyping: boolean): void {
    this.typings.push(isTyping);
    this.#changed();
  }
  notice(text: string): void {
    this.notices.push(text);
    this.#changed();
  }
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = () => {
        if (holds()) resolve();
      };
      this.#changed();
    });
  }
}

interface Parts {
  readonly screen: BrowserScreen;
  readonly viewer: FakeViewer;
  readonly page: Page;
  click(x: number, y: number): Promise<void>;
  key(key: string, code: string, options?: { keyCode?: number; modifiers?: number }): Promise<void>;
}

async function withScreen(use: (parts: Parts) => Promise<void>): Promise<void> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const body = new URL(request.url).pathname === "/popup" ? POPUP : MAIN;
    return new Response(body, { headers: { "content-type": "text/html" } });
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  await withTempDir(async (folder) => {
    const launch = {
      executablePath: BROWSER_PATH,
      profileDir: `${folder}/profile`,
      headless: true,
      isSizedLater: true,
    };
    const browser = await launchBrowser(launch);
    try {
      const screen = new BrowserScreen(browser.context, { usageUrl: new URL(`${origin}/usage`) });
      const viewer = new FakeViewer();
      const page = browser.context.pages()[0] ?? await browser.context.newPage();
      await page.goto(`${origin}/login?secret=1`);
      await screen.showTo(viewer);
      await screen.input(SIZE);
      await use({ screen, viewer, page, ...hands(screen) });
    } finally {
      await browser.close();
      await server.shutdown();
    }
  });
}

function hands(screen: BrowserScreen) {
  return {
    async click(x: number, y: number) {
      const at = { type: "mouse", x, y, button: "left", clicks: 1, modifiers: 0 } as const;
      await screen.input({ ...at, action: "down", buttons: 1 });
      await screen.input({ ...at, action: "up", buttons: 0 });
    },
    async key(key: string, code: string, { keyCode = key.toUpperCase().charCodeAt(0), modifiers = 0 } = {}) {
      const pressed: ScreenInput = {
        type: "key",
        action: "down",
        key,
        code,
        keyCode,
        location: 0,
        isRepeat: false,
        modifiers,
      };
      await screen.input(pressed);
      await screen.input({ ...pressed, action: "up" });
    },
  };
}

Deno.test("the page gets the viewer's size, and pictures of it are sent", async () => {
  await withScreen(async ({ viewer, page, screen }) => {
    await viewer.until(() => viewer.frames.some(({ width, height }) => width === 600 && height === 400));
    assert.deepEqual(await page.evaluate("[innerWidth, innerHeight]"), [600, 400]);
    assert.deepEqual([...viewer.frames.at(-1)?.jpeg.slice(0, 3) ?? []], [0xff, 0xd8, 0xff]);
    await screen.input({ ...SIZE, width: 390, height: 500, scale: 2, hasTouch: true });
    await viewer.until(() => viewer.frames.some(({ width }) => width === 390));
    assert.deepEqual(await page.evaluate("[innerWidth, devicePixelRatio, navigator.maxTouchPoints]"), [390, 2, 5]);
  });
});

Deno.test("the address is told without what comes after its path", async () => {
  await withScreen(async ({ viewer, page }) => {
    await viewer.until(() => viewer.places.some(({ title }) => title === "Main"));
    const { origin } = new URL(page.url());
    assert.deepEqual(viewer.places.at(-1), { origin, path: "/login", title: "Main", pages: 1 });
  });
});

Deno.test("keys, texts and shortcuts that edit arrive; shortcuts of the browser do not", async () => {
  await withScreen(async ({ screen, viewer, page, click, key }) => {
    await click(50, 20);
    await viewer.until(() => viewer.typings.at(-1) === true);
    for (const letter of "abß") await key(letter, "");
    await screen.input({ type: "text", text: "日本 🙂" });
    assert.equal(await page.inputValue("#name"), "abß日本 🙂");
    await key("a", "KeyA", { modifiers: 2 });
    await key("x", "KeyX", { keyCode: 88 });
    assert.equal(await page.inputValue("#name"), "x");
    for (const letter of ["T", "N", "W", "O", "L", "R"]) {
      await key(letter.toLowerCase(), `Key${letter}`, { modifiers: 2 });
    }
    await key("F12", "F12", { keyCode: 123 });
    await key("Backspace", "Backspace", { keyCode: 8 });
    await screen.input({ type: "text", text: "end" });
    assert.equal(await page.inputValue("#name"), "end");
    assert.equal(page.context().pages().length, 1);
    await click(300, 300);
    await viewer.until(() => viewer.typings.at(-1) === false);
  });
});

Deno.test("a wheel and a finger scroll the page", async () => {
  await withScreen(async ({ screen, page }) => {
    await screen.input({ type: "wheel", x: 300, y: 300, dx: 0, dy: 400, modifiers: 0 });
    await page.waitForFunction("scrollY > 300");
    await screen.input({ ...SIZE, hasTouch: true });
    await page.evaluate("scrollTo(0, 0)");
    const finger = (y: number) => [{ x: 300, y, id: 0 }];
    await screen.input({ type: "touch", action: "start", points: finger(350) });
    for (let y = 330; y >= 50; y -= 20) await screen.input({ type: "touch", action: "move", points: finger(y) });
    await screen.input({ type: "touch", action: "end", points: [] });
    await page.waitForFunction("scrollY > 100");
  });
});

Deno.test("a window that the page opens is followed, and the page before it is shown when it closes", async () => {
  await withScreen(async ({ viewer, page, click, screen }) => {
    await click(50, 105);
    await viewer.until(() => viewer.places.at(-1)?.title === "Popup" && viewer.places.at(-1)?.pages === 2);
    assert.equal(viewer.places.at(-1)?.path, "/popup");
    await click(50, 50);
    await viewer.until(() => viewer.places.at(-1)?.title === "Main" && viewer.places.at(-1)?.pages === 1);
    await click(50, 105);
    await viewer.until(() => viewer.places.at(-1)?.title === "Popup");
    await screen.input({ type: "go", to: "close" });
    await viewer.until(() => viewer.places.at(-1)?.title === "Main");
    await screen.input({ type: "go", to: "close" });
    assert.deepEqual(page.context().pages(), [page], "the last page stays open");
    await screen.input({ type: "go", to: "usage" });
    await viewer.until(() => viewer.places.at(-1)?.path === "/usage");
    await screen.input({ type: "go", to: "back" });
    await viewer.until(() => viewer.places.at(-1)?.path === "/login");
  });
});

Deno.test("dialogs, files and downloads are answered with no, and said", async () => {
  await withScreen(async ({ viewer, page, click }) => {
    await click(50, 145);
    await page.waitForFunction("document.title === 'confirm false'");
    assert.deepEqual(viewer.notices, ["The page says: Hello", "The page asked, and was told no: Sure?"]);
    await click(50, 65);
    await viewer.until(() => viewer.notices.some((text) => text.includes("asked for a file")));
    await click(50, 185);
    await viewer.until(() => viewer.notices.some((text) => text.includes("offered a download")));
  });
});

Deno.test("nothing is sent while nobody looks, and a closed browser does no harm", async () => {
  await withScreen(async ({ viewer, screen, page }) => {
    await viewer.until(() => viewer.frames.length > 0);
    await screen.showTo(null);
    const before = viewer.frames.length;
    await page.reload();
    await page.evaluate("document.body.style.background = 'red'");
    assert.equal(viewer.frames.length, before);
    await page.context().close();
    await screen.input({ type: "text", text: "secret" });
    await screen.input({ type: "go", to: "reload" });
    await screen.showTo(viewer);
  });
});
