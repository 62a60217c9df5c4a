import { withRemote } from "./harness.ts";
import assert from "node:assert/strict";

const KEY = {
  type: "key",
  action: "down",
  key: "a",
  code: "KeyA",
  keyCode: 65,
  location: 0,
  isRepeat: false,
  modifiers: 0,
} as const;

Deno.test("a wrong token opens nothing, and leaves the link as it is", async () => {
  await withRemote(async ({ claim, login, open }) => {
    for (const token of ["", "x", login.link.token.slice(1), `${login.link.token}x`]) {
      const answer = await claim(token);
      assert.equal(answer.status, 403, token);
      assert.equal(answer.headers.get("set-cookie"), null);
      await answer.body?.cancel();
    }
    assert.equal(await open({ cookie: `pass=${login.link.token}` }).opened, false);
    const answer = await claim(login.link.token);
    assert.equal(answer.status, 204);
    assert.match(answer.headers.get("set-cookie") ?? "", /^pass=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  });
});

Deno.test("a link that was opened is dead, and its token is no pass", async () => {
  await withRemote(async ({ claim, login, pass, open }) => {
    const cookie = await pass();
    const replay = await claim(login.link.token);
    assert.equal(replay.status, 410);
    assert.equal(replay.headers.get("set-cookie"), null);
    await replay.body?.cancel();
    const wrong = await claim("another");
    assert.equal(wrong.status, 403);
    await wrong.body?.cancel();
    assert.equal(await open({ cookie: `pass=${login.link.token}` }).opened, false);
    assert.equal(await open({ cookie }).opened, true);
  });
});

Deno.test("the screen is not opened without the cookie, before the link was or after", async () => {
  await withRemote(async ({ pass, open, screen }) => {
    for (const cookie of ["", "pass=", "pass=undefined", "pass=null"]) {
      assert.equal(await open({ cookie }).opened, false, cookie);
    }
    const cookie = await pass();
    assert.equal(await open({}).opened, false);
    assert.equal(await open({ cookie: `${cookie}x` }).opened, false);
    assert.equal(screen.viewer, null);
  });
});

Deno.test("a second viewer is refused; the first one may come back, and takes the place of its own old connection", async () => {
  await withRemote(async ({ pass, open, screen }) => {
    const cookie = await pass();
    const first = open({ cookie });
    assert.equal(await first.opened, true);
    assert.equal(await open({}).opened, false);
    const again = open({ cookie });
    assert.equal(await first.closed, 4001);
    await again.heard(/"time"/);
    again.send(KEY);
    await screen.until(() => screen.inputs.length === 1);
    assert.deepEqual(screen.inputs, [KEY]);
    await again.shut();
    await screen.until(() => screen.viewer === null);
  });
});

Deno.test("a foreign Origin is refused, for the link and for the screen, and so is none", async () => {
  await withRemote(async ({ claim, login, pass, open, app, origin }) => {
    for (const foreign of ["http://evil.example", "null", "http://127.0.0.1:1", origin.replace("http:", "ftp:")]) {
      const answer = await claim(login.link.token, { origin: foreign });
      assert.equal(answer.status, 403, foreign);
      assert.equal(await answer.text(), "The request comes from another site's page.");
    }
    const headers = { "content-type": "application/json", host: "127.0.0.1" };
    const body = JSON.stringify({ token: login.link.token });
    const without = await app.request("/claim", { method: "POST", headers, body }, { peer: "127.0.0.1" });
    assert.equal(without.status, 403);
    const cookie = await pass();
    assert.equal(await open({ cookie, origin: "http://evil.example" }).opened, false);
    assert.equal(await open({ cookie }).opened, true);
  });
});

Deno.test("a name that is not ours and a peer from elsewhere are refused", async () => {
  await withRemote(async ({ app }) => {
    const statusOf = async (host: string, peer: string | null) => {
      const answer = await app.request("/", { headers: { host } }, { peer });
      return answer.status;
    };
    for (const host of ["evil.example", "evil.example:8080", "8.8.8.8", "localhost.evil.example", "", "a b", "[::1"]) {
      assert.equal(await statusOf(host, "127.0.0.1"), 403, host);
    }
    for (const host of ["127.0.0.1:1", "192.168.1.2:8790", "[fd00::1]:8790", "LOCALHOST", "[::1]"]) {
      assert.equal(await statusOf(host, "127.0.0.1"), 200, host);
    }
    for (const peer of ["8.8.8.8", "2001:db8::1", "", null]) assert.equal(await statusOf("127.0.0.1", peer), 403);
    for (const peer of ["10.1.2.3", "::ffff:192.168.1.2", "fe80::1%eth0"]) {
      assert.equal(await statusOf("127.0.0.1", peer), 200, peer);
    }
  });
});

Deno.test("messages that are malformed, too large or of no known kind end the connection and do nothing", async () => {
  await withRemote(async ({ pass, open, screen }) => {
    const cookie = await pass();
    const wrong = [
      "",
      "{",
      "[]",
      "null",
      `{"type":"eval","text":"1"}`,
      JSON.stringify({ ...KEY, extra: 1 }),
      JSON.stringify({ ...KEY, modifiers: 99 }),
      JSON.stringify({ ...KEY, key: "x".repeat(33) }),
      JSON.stringify({ type: "text", text: "" }),
      JSON.stringify({ type: "text", text: "x".repeat(10_001) }),
      JSON.stringify({ type: "go", to: "file:///etc/passwd" }),
      JSON.stringify({ type: "size", width: 1e9, height: 100, scale: 1, hasTouch: false }),
      JSON.stringify({
        type: "mouse",
        action: "down",
        x: "1",
        y: 2,
        button: "right",
        buttons: 0,
        clicks: 1,
        modifiers: 0,
      }),
      `{"type":"wheel","x":1e999,"y":0,"dx":0,"dy":0,"modifiers":0}`,
      "x".repeat(5_000_000),
      new Uint8Array([1, 2, 3]),
    ];
    for (const message of wrong) {
      const viewer = open({ cookie });
      assert.equal(await viewer.opened, true);
      viewer.socket.send(message);
      assert.equal(await viewer.closed, 1008, String(message).slice(0, 60));
    }
    assert.deepEqual(screen.inputs, []);
    assert.equal(await open({ cookie }).opened, true);
  });
});

Deno.test("what is no claim is refused before it is read", async () => {
  await withRemote(async ({ origin, login }) => {
    const post = (init: RequestInit) => fetch(`${origin}/claim`, { method: "POST", ...init });
    const token = login.link.token;
    const tries: RequestInit[] = [
      { headers: { origin, "content-type": "text/plain" }, body: JSON.stringify({ token }) },
      { headers: { origin, "content-type": "application/json" }, body: "{" },
      { headers: { origin, "content-type": "application/json" }, body: JSON.stringify({ token: [token] }) },
      { headers: { origin, "content-type": "application/json" }, body: JSON.stringify({ token: "x".repeat(2_000) }) },
    ];
    for (const init of tries) {
      const answer = await post(init);
      assert.equal(answer.status, 400);
      await answer.body?.cancel();
    }
    for (const path of ["/claim", "/screen", "/..%2f..%2fetc/passwd", `/${token}`, "/login.html"]) {
      const answer = await fetch(`${origin}${path}`, { headers: { origin } });
      assert.ok(answer.status === 404 || answer.status === 403, `${path}: ${answer.status}`);
      await answer.body?.cancel();
    }
  });
});

Deno.test("after the end nobody sees or does anything, with whatever cookie", async () => {
  await withRemote(async ({ pass, open, login, screen, claim }) => {
    const cookie = await pass();
    const viewer = open({ cookie });
    assert.equal(await viewer.opened, true);
    login.end({ title: "You are logged in", text: "Close this page." });
    assert.equal(await viewer.heard(/"end"/), `{"type":"end","title":"You are logged in","text":"Close this page."}`);
    assert.equal(await viewer.closed, 1000);
    assert.equal(await open({ cookie }).opened, false);
    assert.equal((await claim(login.link.token)).status, 410);
    assert.deepEqual(screen.inputs, []);
  });
});

Deno.test("the link that was never opened is dead after the end", async () => {
  await withRemote(async ({ login, claim }) => {
    login.end({ title: "Over", text: "" });
    assert.equal((await claim(login.link.token)).status, 410);
  });
});
