import { withRemote } from "./harness.ts";
import assert from "node:assert/strict";

Deno.test("the page and its files are given out with a strict policy and are kept nowhere", async () => {
  await withRemote(async ({ origin, login }) => {
    const types = { "/": "text/html", "/login.css": "text/css", "/login.js": "text/javascript" };
    for (const [path, type] of Object.entries(types)) {
      const answer = await fetch(`${origin}${path}`);
      assert.equal(answer.status, 200);
      const header = (name: string) => answer.headers.get(name) ?? "";
      assert.equal(header("content-type"), `${type}; charset=utf-8`);
      assert.equal(header("cache-control"), "no-store");
      assert.equal(header("referrer-policy"), "no-referrer");
      assert.equal(header("x-content-type-options"), "nosniff");
      assert.match(header("content-security-policy"), /^default-src 'none'; script-src 'self'; style-src 'self'; /);
      assert.match(header("content-security-policy"), /frame-ancestors 'none'/);
      assert.doesNotMatch(header("content-security-policy"), /unsafe/);
      const text = await answer.text();
      assert.ok(!text.includes(login.link.token));
      if (path === "/") assert.doesNotMatch(text, /<script(?! type="module" src="login.js">)|style=|https?:/);
    }
  });
});

Deno.test("a picture is sent with its size, and the next one waits until it was shown", async () => {
  await withRemote(async ({ pass, open, screen }) => {
    const viewer = open({ cookie: await pass() });
    await screen.until(() => screen.viewer !== null);
    const first = screen.viewer?.frame({ jpeg: new Uint8Array([7, 8, 9]), width: 1280, height: 300 });
    assert.deepEqual([...await viewer.frameCame()], [0x05, 0x00, 0x01, 0x2c, 7, 8, 9]);
    let isShown = false;
    void first?.then(() => isShown = true);
    assert.equal(isShown, false);
    viewer.send({ type: "shown" });
    await first;
    assert.deepEqual(screen.inputs, []);
  });
});

Deno.test("a picture does not wait for a viewer that went away", async () => {
  await withRemote(async ({ pass, open, screen }) => {
    const viewer = open({ cookie: await pass() });
    await screen.until(() => screen.viewer !== null);
    const frame = screen.viewer?.frame({ jpeg: new Uint8Array([1]), width: 1, height: 1 });
    await viewer.frameCame();
    await viewer.shut();
    await frame;
  });
});

Deno.test("a viewer is told the step, the place, notices and the time, also one that comes later", async () => {
  await withRemote(async ({ pass, open, screen, login }) => {
    login.step("Cursor asks for a login.");
    const viewer = open({ cookie: await pass() });
    assert.equal(await viewer.heard(/"time"/), `{"type":"time","leftMs":900000}`);
    assert.equal(await viewer.heard(/"step"/), `{"type":"step","text":"Cursor asks for a login."}`);
    await screen.until(() => screen.viewer !== null);
    screen.viewer?.place({ origin: "https://a.example", path: "/login", title: "Sign in", pages: 2 });
    await viewer.heard(
      /^{"type":"place","origin":"https:\/\/a.example","path":"\/login","title":"Sign in","pages":2}$/,
    );
    screen.viewer?.notice("The page asked for a file.");
    await viewer.heard(/"notice"/);
    screen.viewer?.typing(true);
    await viewer.heard(/"isTyping":true/);
  });
});

Deno.test("four minutes without input bring a warning, five the end; an unopened link does not count as idle", async () => {
  await withRemote(async ({ pass, open, timers, isIdle }) => {
    timers.pass(600_000);
    assert.equal(isIdle(), false);
    const viewer = open({ cookie: await pass() });
    await viewer.heard(/"time"/);
    timers.pass(239_999);
    timers.pass(1);
    const warning = "Nothing was done for a while: this ends in 60 seconds.";
    assert.equal(await viewer.heard(/"notice"/), JSON.stringify({ type: "notice", text: warning }));
    timers.pass(59_999);
    assert.equal(isIdle(), false);
    timers.pass(1);
    assert.equal(isIdle(), true);
  });
});

Deno.test("input puts the idle limit off; a picture that was shown or a window of another size does not", async () => {
  await withRemote(async ({ pass, open, screen, timers, isIdle }) => {
    const viewer = open({ cookie: await pass() });
    assert.equal(await viewer.opened, true);
    timers.pass(299_999);
    viewer.send({ type: "go", to: "reload" });
    await screen.until(() => screen.inputs.length === 1);
    timers.pass(299_999);
    assert.equal(isIdle(), false);
    viewer.send({ type: "shown" });
    viewer.send({ type: "size", width: 400, height: 600, scale: 2, hasTouch: true });
    await screen.until(() => screen.inputs.length === 2);
    timers.pass(1);
    assert.equal(isIdle(), true);
  });
});
