// Keys, what an input method composes, a phone's keyboard, and pasting.

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
/** Something to delete: without it, a phone's keyboard does not tell that its backspace was pressed. */
const REST = "\u2002\u2002";
const BACKSPACE = { key: "Backspace", code: "Backspace", keyCode: 8 };
const ENTER = { key: "Enter", code: "Enter", keyCode: 13 };
/** What an input method takes for itself, and tells as a text later. */
const COMPOSED = new Set(["Process", "Dead", "Unidentified", "Compose"]);

/** Keys held, as the DevTools protocol counts them. A Mac's Command does what Control does elsewhere. */
export function modifiersOf(event) {
  const isControl = event.ctrlKey || (isMac && event.metaKey);
  return (event.altKey ? 1 : 0) | (isControl ? 2 : 0) | (!isMac && event.metaKey ? 4 : 0) | (event.shiftKey ? 8 : 0);
}

/** A third level of the keyboard (AltGr, or Option on a Mac) writes a character: no shortcut. */
function isThirdLevel(event) {
  if ([...event.key].length !== 1) return false;
  return event.getModifierState("AltGraph") || (event.ctrlKey && event.altKey) ||
    (isMac && event.altKey && !event.metaKey && !event.ctrlKey);
}

function keyMessage(event, action) {
  const modifiers = isThirdLevel(event) ? modifiersOf(event) & 8 : modifiersOf(event);
  const { key, code, keyCode, location, repeat } = event;
  const name = isMac && key === "Meta" ? "Control" : key;
  const isKnown = keyCode >= 0 && keyCode <= 255;
  return {
    type: "key",
    action,
    key: name.slice(0, 32),
    code: code.slice(0, 32),
    keyCode: isKnown ? keyCode : 0,
    location: location <= 3 ? location : 0,
    isRepeat: repeat,
    modifiers,
  };
}

/** Sends keys that were not pressed on a keyboard, and texts. */
function writer(send) {
  const press = (key) => {
    for (const action of ["down", "up"]) {
      send({ type: "key", action, location: 0, isRepeat: false, modifiers: 0, ...key });
    }
  };
  const sendText = (text) => {
    const lines = text.split(/\r?\n/);
    lines.forEach((line, at) => {
      if (at > 0) press(ENTER);
      if (line !== "") send({ type: "text", text: line.slice(0, 10_000) });
    });
  };
  return { press, sendText };
}

/** Listens on a field that nobody sees; what arrives in it is sent on and taken out again. */
export function listenToKeys({ keys, send, leave }) {
  const { press, sendText } = writer(send);
  let known = REST;
  let isComposing = false;
  const reset = () => {
    keys.value = known = REST;
    keys.setSelectionRange(REST.length, REST.length);
  };
  const onKey = (event) => {
    if (event.isComposing || event.keyCode === 229 || COMPOSED.has(event.key)) return;
    if (event.key === "F6") {
      if (event.type === "keydown") leave();
      return event.preventDefault();
    }
    const isShortcut = (modifiersOf(event) & 6) !== 0 && !isThirdLevel(event);
    // What is pasted arrives as an event of its own.
    if (isShortcut && event.code === "KeyV") return;
    if (/^F\d+$/.test(event.key)) return;
    event.preventDefault();
    send(keyMessage(event, event.type === "keydown" ? "down" : "up"));
  };
  keys.addEventListener("keydown", onKey);
  keys.addEventListener("keyup", onKey);
  keys.addEventListener("paste", (event) => {
    event.preventDefault();
    sendText(event.clipboardData?.getData("text/plain") ?? "");
  });
  keys.addEventListener("compositionstart", () => isComposing = true);
  keys.addEventListener("compositionend", () => {
    isComposing = false;
    reset();
  });
  // The difference to what was there: characters taken away, and characters that came.
  keys.addEventListener("input", () => {
    const [before, now] = [[...known], [...keys.value]];
    let same = 0;
    while (same < before.length && same < now.length && before[same] === now[same]) same++;
    for (let gone = before.length - same; gone > 0; gone--) press(BACKSPACE);
    sendText(now.slice(same).join(""));
    known = keys.value;
    if (!isComposing) reset();
  });
  keys.addEventListener("beforeinput", (event) => {
    if (event.inputType !== "insertLineBreak" && event.inputType !== "insertParagraph") return;
    event.preventDefault();
    press(ENTER);
  });
  keys.addEventListener("focus", reset);
  reset();
}
