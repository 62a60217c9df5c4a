// Makes a part of the page like another one, and leaves alone what did not change: focus, scrolling, selections, what was
// typed, and <details> that were opened stay as they are.

/** What the reader or a script changed, not the server. */
const OWN_ATTRIBUTES = new Set(["open", "aria-sort"]);
/** Drawn by scripts: the server sends them empty. */
const DRAWN = "[data-keep], [data-chart], .chart";

/** What tells an element from its siblings. Other elements are told by their kind and place. */
function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.liveKey || null : null;
}

function isAlike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

/** Makes `now` like `next`, a node of the same kind. */
export function morph(now, next) {
  if (now.isEqualNode(next)) return;
  if (now.nodeType !== Node.ELEMENT_NODE) {
    now.nodeValue = next.nodeValue;
    return;
  }
  const isDrawn = now.matches(DRAWN);
  morphAttributes(now, next, isDrawn);
  // A list that is open, or a field that is typed into, is the reader's.
  const isInUse = now === document.activeElement && now.matches("select, textarea");
  if (!isDrawn && !isInUse) morphChildren(now, next);
}

/** What a script set where it drew stays. */
function morphAttributes(now, next, isDrawn) {
  const isOurs = (name) => !OWN_ATTRIBUTES.has(name);
  for (const { name } of [...now.attributes]) {
    if (!isDrawn && isOurs(name) && !next.hasAttribute(name)) now.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (isOurs(name) && now.getAttribute(name) !== value) now.setAttribute(name, value);
  }
}

function morphChildren(now, next) {
  const wanted = new Set([...next.childNodes].map(keyOf));
  const known = new Map([...now.childNodes].map((child) => [keyOf(child), child]));
  let place = now.firstChild;
  for (const child of [...next.childNodes]) {
    // What is gone goes first, so that what stays is not moved: a move takes the focus away.
    while (place !== null && keyOf(place) !== null && !wanted.has(keyOf(place))) place = removed(place);
    const key = keyOf(child);
    const same = key === null ? place : known.get(key) ?? null;
    if (same === null || !isAlike(same, child)) {
      now.insertBefore(child, place);
      continue;
    }
    while (key !== null && place !== null && place !== same && keyOf(place) === null) place = removed(place);
    if (same === place) place = place.nextSibling;
    else now.insertBefore(same, place);
    morph(same, child);
  }
  while (place !== null) place = removed(place);
}

/** Removes the node; answers the one after it. */
function removed(node) {
  const after = node.nextSibling;
  node.remove();
  return after;
}
