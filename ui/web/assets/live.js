// Keeps the page as new as the data: listens to what is new, loads the page again behind the scenes, and takes over what
// differs. Afterwards "tracker:updated" is dispatched on the document: whoever drew something from the page's data draws
// it anew. Without this script the page is as it was when it was loaded.
import { morph } from "./morph.js";

const EVENTS = "/api/events";
const KINDS = ["snapshot", "alert", "run", "changed", "ready"];
/** Several changes in a row are one; and "12 min ago" goes on growing. */
const GATHER_MS = 250;
const REFRESH_MS = 60_000;
/** Pauses before listening again where the server refused it. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;
/** Long enough to be read. */
const FLASH_MS = 15_000;
/** Parts that are brought up to date. */
const PARTS = ["main", "header.top nav", "header.top .freshness"];

let source = null;
let lastId = null;
let retryMs = FIRST_RETRY_MS;
let retryTimer;
let gatherTimer;
let loading = null;
let isAskedAgain = false;

function listen() {
  clearTimeout(retryTimer);
  if (document.hidden || source !== null) return;
  const query = lastId === null ? "" : `?last_event_id=${encodeURIComponent(lastId)}`;
  source = new EventSource(`${EVENTS}${query}`);
  source.addEventListener("open", () => {
    retryMs = FIRST_RETRY_MS;
  });
  source.addEventListener("error", () => {
    // While it is not closed the browser comes back by itself.
    if (source?.readyState === EventSource.CLOSED) listenLater();
  });
  for (const kind of KINDS) source.addEventListener(kind, heard);
  source.addEventListener("progress", (event) => {
    lastId = event.lastEventId;
    showProgress(event.data);
  });
}

/** A browser opens few connections to a host: a page that nobody looks at leaves them to the others. */
function rest() {
  clearTimeout(retryTimer);
  source?.close();
  source = null;
}

function listenLater() {
  rest();
  retryTimer = setTimeout(listen, retryMs);
  retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
}

function heard(event) {
  lastId = event.lastEventId;
  clearTimeout(gatherTimer);
  gatherTimer = setTimeout(refresh, GATHER_MS);
}

/** One load at a time; what changed during one asks for one more. */
async function refresh() {
  if (loading !== null) {
    isAskedAgain = true;
    return;
  }
  loading = load();
  await loading;
  loading = null;
  if (!isAskedAgain) return;
  isAskedAgain = false;
  await refresh();
}

async function load() {
  try {
    const response = await fetch(location.href, { headers: { accept: "text/html" }, credentials: "same-origin" });
    if (!response.ok || !(response.headers.get("content-type") ?? "").startsWith("text/html")) return;
    takeOver(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch {
    // The server is away for the moment; the next event, or the next minute, tries again.
  }
}

function takeOver(next) {
  keepFlash(next);
  for (const part of PARTS) {
    const [now, then] = [document.querySelector(part), next.querySelector(part)];
    if (now !== null && then !== null) morph(now, then);
  }
  document.title = next.title;
  document.dispatchEvent(new CustomEvent("tracker:updated"));
}

/** What a form came to is said by one page only, and stays there until it was read. */
function keepFlash(next) {
  const flash = document.getElementById("flash");
  if (flash !== null && next.getElementById("flash") === null) {
    next.querySelector("main")?.prepend(flash.cloneNode(true));
  }
}

/** "Fetching page 3/12 for January 2026…", where the page has a place for it. */
function showProgress(data) {
  for (const place of document.querySelectorAll("[data-progress]")) {
    place.textContent = JSON.parse(data).text;
    place.hidden = false;
  }
}

/** What a form came to is said once, and not again when the page is loaded anew. */
function forgetFlash() {
  const address = new URL(location.href);
  if (!address.searchParams.has("said")) return;
  address.searchParams.delete("said");
  history.replaceState(history.state, "", address);
  setTimeout(() => document.getElementById("flash")?.remove(), FLASH_MS);
}

forgetFlash();
document.addEventListener("visibilitychange", () => document.hidden ? rest() : listen());
// A page that the browser kept for "back" may be old.
addEventListener("pagehide", rest);
addEventListener("pageshow", (event) => {
  if (event.persisted) refresh();
  listen();
});
setInterval(() => {
  if (!document.hidden) refresh();
}, REFRESH_MS);
listen();
