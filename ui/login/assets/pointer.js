// Mouse, wheel and fingers on the picture, in the pixels of the page that it shows.
import { modifiersOf } from "./keyboard.js";

const BUTTONS = ["left", "middle"];
/** A finger that moved no farther than this has tapped. */
const TAP_PIXELS = 10;
const LINE_PIXELS = 40;
const MAX_FINGERS = 10;

/** Sends what is done on the canvas. `pageSize` tells how many pixels the page has of its own. */
export function listenToPointers({ canvas, keys, send, pageSize }) {
  const place = ({ clientX, clientY }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const page = pageSize();
    const clamp = (value, most) => Math.min(most, Math.max(0, Math.round(value * 10) / 10));
    return {
      x: clamp((clientX - left) * page.width / (width || 1), page.width),
      y: clamp((clientY - top) * page.height / (height || 1), page.height),
    };
  };
  listenToMouse({ canvas, keys, send, place });
  listenToFingers({ canvas, keys, send, place });
}

function listenToMouse({ canvas, keys, send, place }) {
  let held = 0;
  let moved = null;
  const message = (event, action) => ({
    type: "mouse",
    action,
    ...place(event),
    button: action === "move" ? held & 1 ? "left" : held & 4 ? "middle" : "none" : BUTTONS[event.button],
    buttons: held,
    clicks: action === "move" ? 0 : Math.min(3, Math.max(1, event.detail)),
    modifiers: modifiersOf(event),
  });
  const flush = () => {
    if (moved !== null) send(moved);
    moved = null;
  };
  canvas.addEventListener("mousedown", (event) => {
    event.preventDefault();
    keys.focus({ preventScroll: true });
    if (BUTTONS[event.button] === undefined) return;
    flush();
    held |= event.button === 0 ? 1 : 4;
    send(message(event, "down"));
  });
  // A button may be let go outside of the picture.
  globalThis.addEventListener("mouseup", (event) => {
    const bit = event.button === 0 ? 1 : event.button === 1 ? 4 : 0;
    if ((held & bit) === 0) return;
    flush();
    held &= ~bit;
    send(message(event, "up"));
  });
  globalThis.addEventListener("mousemove", (event) => {
    if (event.target !== canvas && held === 0) return;
    if (moved === null) requestAnimationFrame(flush);
    moved = message(event, "move");
  });
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const pixels = event.deltaMode === 0 ? 1 : LINE_PIXELS;
    const clamp = (delta) => Math.min(2000, Math.max(-2000, delta * pixels));
    const [dx, dy] = [clamp(event.deltaX), clamp(event.deltaY)];
    send({ type: "wheel", ...place(event), dx, dy, modifiers: 0 });
  }, { passive: false });
}

function listenToFingers({ canvas, keys, send, place }) {
  /** Identifiers may be any number; the page gets small ones. */
  const ids = new Map();
  let start = null;
  let moved = null;
  const idOf = (identifier) => {
    if (!ids.has(identifier)) {
      const free = [...Array(MAX_FINGERS).keys()].find((id) => ![...ids.values()].includes(id));
      ids.set(identifier, free ?? 0);
    }
    return ids.get(identifier);
  };
  const message = (event, action) => ({
    type: "touch",
    action,
    points: [...event.touches].slice(0, MAX_FINGERS).map((touch) => ({ ...place(touch), id: idOf(touch.identifier) })),
  });
  const flush = () => {
    if (moved !== null) send(moved);
    moved = null;
  };
  const listen = (type, action) =>
    canvas.addEventListener(type, (event) => {
      event.preventDefault(); // no mouse events after it
      const [touch] = event.changedTouches;
      if (action === "start") start = event.touches.length === 1 ? touch : null;
      const distance = start === null
        ? Infinity
        : Math.hypot(touch.clientX - start.clientX, touch.clientY - start.clientY);
      if (distance > TAP_PIXELS) start = null;
      if (action === "move") {
        if (moved === null) requestAnimationFrame(flush);
        moved = message(event, action);
        return;
      }
      flush();
      send(message(event, action));
      if (action !== "start") { for (const { identifier } of event.changedTouches) ids.delete(identifier); }
      // A keyboard opens only within the tap itself; where no text field was tapped it is closed again.
      if (action === "end" && start !== null) keys.focus({ preventScroll: true });
    }, { passive: false });
  listen("touchstart", "start");
  listen("touchmove", "move");
  listen("touchend", "end");
  listen("touchcancel", "cancel");
}
