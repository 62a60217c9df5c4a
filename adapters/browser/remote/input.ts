import type { ScreenInput } from "../../../domain/operations/remote_screen.ts";
import type { CDPSession } from "playwright-core";

const ALT = 1;
const CONTROL = 2;
const META = 4;

/** With Control held, only what edits a text: no shortcut of the browser itself, such as opening a file or a window. */
const EDITING_CODES: ReadonlySet<string> = new Set([
  ...["KeyA", "KeyC", "KeyX", "KeyY", "KeyZ", "Backspace", "Delete", "Enter"],
  ...["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"],
]);
const MODIFIER_KEYS: ReadonlySet<string> = new Set(["Alt", "AltGraph", "CapsLock", "Control", "Meta", "Shift"]);
/** Keys without a text that a form is filled with. */
const PLAIN_KEYS: ReadonlySet<string> = new Set([
  ...["Enter", "Tab", "Backspace", "Delete", "Escape", "Home", "End", "PageUp", "PageDown", "Insert"],
  ...["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"],
]);

type KeyInput = Extract<ScreenInput, { type: "key" }>;
type PointerInput = Extract<ScreenInput, { type: "mouse" | "wheel" | "touch" }>;

/** Does in the page what the person did with a mouse or a finger. */
export async function dispatchPointer(cdp: CDPSession, input: PointerInput): Promise<void> {
  if (input.type === "touch") {
    const { action, points } = input;
    const isOver = action === "end" || action === "cancel";
    // A finger that was lifted is one that is missing; only the last one's end has no points.
    const type = !isOver
      ? action === "start" ? "touchStart" : "touchMove"
      : points.length > 0
      ? "touchMove"
      : action === "end"
      ? "touchEnd"
      : "touchCancel";
    await cdp.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(({ x, y, id }) => ({ x, y, id })) });
    return;
  }
  const { x, y, modifiers } = input;
  if (input.type === "wheel") {
    const { dx: deltaX, dy: deltaY } = input;
    await cdp.send("Input.dispatchMouseEvent", { type: "mouseWheel", x, y, deltaX, deltaY, modifiers });
    return;
  }
  const { action, button, buttons, clicks: clickCount } = input;
  const type = ({ move: "mouseMoved", down: "mousePressed", up: "mouseReleased" } as const)[action];
  await cdp.send("Input.dispatchMouseEvent", { type, x, y, button, buttons, clickCount, modifiers });
}

/** Presses or lets go of a key in the page; what would be a shortcut of the browser is left out. */
export async function dispatchKey(cdp: CDPSession, input: KeyInput): Promise<void> {
  if (!isAllowed(input)) return;
  const { action, key, code, keyCode, location, isRepeat, modifiers } = input;
  const text = action === "down" ? textOf(input) : null;
  await cdp.send("Input.dispatchKeyEvent", {
    type: action === "up" ? "keyUp" : text === null ? "rawKeyDown" : "keyDown",
    key,
    code,
    windowsVirtualKeyCode: keyCode,
    location,
    isKeypad: location === 3,
    autoRepeat: isRepeat,
    modifiers,
    ...(text === null ? {} : { text, unmodifiedText: text }),
  });
}

function isAllowed({ action, key, code, modifiers }: KeyInput): boolean {
  if (MODIFIER_KEYS.has(key) || action === "up") return true;
  if ((modifiers & (CONTROL | META)) !== 0) return EDITING_CODES.has(code) && (modifiers & ALT) === 0;
  if ((modifiers & ALT) !== 0) return false;
  return PLAIN_KEYS.has(key) || isPrintable(key);
}

/** What the key writes; null for one that writes nothing. */
function textOf({ key, modifiers }: KeyInput): string | null {
  if ((modifiers & (CONTROL | META | ALT)) !== 0) return null;
  if (key === "Enter") return "\r";
  return isPrintable(key) ? key : null;
}

function isPrintable(key: string): boolean {
  return [...key].length === 1;
}
