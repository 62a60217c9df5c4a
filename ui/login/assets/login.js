// The page of a remote login: changes the link for a cookie, shows the browser's pictures, sends what the person does.
import { listenToKeys } from "./keyboard.js";
import { listenToPointers } from "./pointer.js";

const RECONNECT_MS = [500, 1000, 2000, 4000, 8000, 8000, 8000, 8000];
const NOTICE_MS = 12_000;
const RESIZE_MS = 200;
const element = (id) => document.getElementById(id);
const [stage, canvas, keys] = [element("stage"), element("screen"), element("keys")];
const picture = canvas.getContext("2d", { alpha: false });

/** The connection, the size of the page in its own pixels, and when the login ends. */
const state = { socket: null, tries: 0, isOver: false, width: 0, height: 0, endsAt: null, sentSize: "" };

function send(message) {
  if (state.socket?.readyState === WebSocket.OPEN) state.socket.send(JSON.stringify(message));
}

function cover(title, text) {
  element("cover-title").textContent = title;
  element("cover-text").textContent = text;
  element("cover").hidden = false;
}

function end(title, text) {
  state.isOver = true;
  document.body.classList.add("over");
  keys.blur();
  cover(title, text);
}

/** Changes the token in the address for a cookie; the token leaves the address and the history at once. */
async function claim() {
  const token = location.hash.slice(1);
  if (token === "") return true;
  history.replaceState(null, "", location.pathname);
  const answer = await fetch("claim", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  if (answer.ok) return true;
  // The person's own reload of the link finds the cookie; for everybody else the connection is refused, and says why.
  if (answer.status === 410) return true;
  end("This link is wrong", "Open the whole link that 'tracker onboard --remote' has printed.");
  return false;
}

function connect() {
  const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/screen`);
  let wasOpen = false;
  state.socket = socket;
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => {
    wasOpen = true;
    state.tries = 0;
    state.sentSize = "";
    sendSize();
  });
  socket.addEventListener("message", ({ data }) => typeof data === "string" ? hear(JSON.parse(data)) : show(data));
  socket.addEventListener("close", ({ code }) => closed({ code, wasOpen }));
}

function closed({ code, wasOpen }) {
  if (state.isOver) return;
  if (code === 4001) return end("Opened elsewhere", "Another tab of this browser shows the login now.");
  if (code === 1008 || code === 1013) return end("The connection was ended", "Reload this page to go on.");
  const wait = RECONNECT_MS[state.tries++];
  if (!wasOpen && state.tries > 2 && state.width === 0) {
    return end(
      "This link cannot be used",
      "It works once, in one browser, until the login is done. Run 'tracker onboard --remote' again for a new one.",
    );
  }
  if (wait === undefined) return end("The connection is lost", "The login has ended, or the machine is out of reach.");
  cover("The connection is lost", "Trying again…");
  setTimeout(connect, wait);
}

const HEARD = {
  place({ origin, path, title, pages }) {
    element("site").textContent = origin || "…";
    element("path").textContent = path === "/" ? "" : path;
    canvas.setAttribute("aria-label", title === "" ? "The page in the browser" : `The page in the browser: ${title}`);
    element("close").hidden = pages < 2;
  },
  typing({ isTyping }) {
    if (!isTyping && isTouch()) keys.blur();
  },
  notice({ text }) {
    const notice = element("notice");
    notice.textContent = text;
    notice.hidden = false;
    clearTimeout(notice.timer);
    notice.timer = setTimeout(() => notice.hidden = true, NOTICE_MS);
  },
  step({ text }) {
    element("step").textContent = text;
  },
  time({ leftMs }) {
    state.endsAt = performance.now() + leftMs;
    tick();
  },
  end({ title, text }) {
    end(title, text);
  },
};

function hear(message) {
  HEARD[message.type]?.(message);
}

/** Draws one picture: width and height of the page in two bytes each, then the JPEG. */
async function show(data) {
  const header = new DataView(data);
  try {
    const bitmap = await createImageBitmap(new Blob([data.slice(4)], { type: "image/jpeg" }));
    [state.width, state.height] = [header.getUint16(0), header.getUint16(2)];
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    canvas.style.width = `${state.width}px`;
    picture.drawImage(bitmap, 0, 0);
    bitmap.close();
    if (!state.isOver) element("cover").hidden = true;
  } finally {
    send({ type: "shown" });
  }
}

function isTouch() {
  return matchMedia("(pointer: coarse)").matches;
}

function sendSize() {
  const clamp = (value, least) => Math.min(2560, Math.max(least, Math.floor(value)));
  const size = {
    type: "size",
    width: clamp(stage.clientWidth, 240),
    height: clamp(stage.clientHeight, 200),
    scale: Math.min(2, Math.max(1, devicePixelRatio)),
    hasTouch: navigator.maxTouchPoints > 0,
  };
  const text = JSON.stringify(size);
  if (text === state.sentSize) return;
  state.sentSize = text;
  send(size);
}

function tick() {
  if (state.endsAt === null) return;
  const seconds = Math.max(0, Math.round((state.endsAt - performance.now()) / 1000));
  element("time").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
}

function listenToButtons() {
  for (const button of document.querySelectorAll("[data-go]")) {
    button.addEventListener("click", () => {
      send({ type: "go", to: button.dataset.go });
      if (!isTouch()) keys.focus({ preventScroll: true });
    });
  }
  const [dialog, text] = [element("paste-dialog"), element("paste-text")];
  element("paste").addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "send" && text.value !== "") send({ type: "text", text: text.value.slice(0, 10_000) });
    text.value = "";
    dialog.returnValue = "";
    if (!isTouch()) keys.focus({ preventScroll: true });
  });
  element("keyboard").hidden = !isTouch();
  // A button takes the focus when it is pressed; then the keyboard would never be seen as open.
  element("keyboard").addEventListener("pointerdown", (event) => event.preventDefault());
  element("keyboard").addEventListener("click", () => {
    if (document.activeElement === keys) keys.blur();
    else keys.focus({ preventScroll: true });
  });
}

let resizing;
new ResizeObserver(() => {
  clearTimeout(resizing);
  resizing = setTimeout(sendSize, RESIZE_MS);
}).observe(stage);
setInterval(tick, 1000);
listenToButtons();
listenToKeys({ keys, send, leave: () => document.querySelector("header button").focus() });
listenToPointers({ canvas, keys, send, pageSize: () => state });
if (await claim().catch(() => true)) connect();
if (!isTouch()) keys.focus({ preventScroll: true });
