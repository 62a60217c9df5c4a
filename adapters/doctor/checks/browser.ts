import { CaptureFailed } from "../../../domain/capture/outcome.ts";
import { fail, ok, warn } from "../../../domain/operations/doctor.ts";
import { findBrowser } from "../../browser/find_browser.ts";
import { findOrInstallBrowser } from "../../browser/install_browser.ts";
import { browserPid } from "../../browser/profile.ts";
import { lockHolder } from "../../files/exclusive_lock.ts";
import { privateDir } from "../../files/files.ts";
import type { Check, Patient } from "../check.ts";
import { commandOutput, modeText, openToOthers } from "../machine.ts";

/** Older ones lack the headless mode and parts of the protocol that a scrape is driven by. */
const OLDEST_MAJOR = 120;

/** A Chromium, Chrome or Edge that starts and is young enough. */
export const browser: Check = {
  name: "browser",
  title: "Browser",
  limitMs: () => 20_000,
  async run({ signal, ...patient }) {
    let path: string;
    try {
      path = await findBrowser(placesOf(patient));
    } catch (error) {
      if (!(error instanceof CaptureFailed)) throw error;
      const mend = patient.config.browserPath === null ? "tracker doctor --fix" : "unset BROWSER_PATH";
      return fail("none found", { why: error.message, mend });
    }
    const { text, error } = await commandOutput(path, { args: ["--version"], signal });
    const version = versionIn(text);
    if (version === null) {
      const why = `It does not start: ${error === "" ? "'--version' says nothing" : error}.`;
      return fail(path, {
        why,
        mend: patient.config.browserPath === null ? "tracker doctor --fix" : "unset BROWSER_PATH",
      });
    }
    const found = `${version.name} at ${path}`;
    if (version.major < OLDEST_MAJOR) {
      const why = `It is too old: ${OLDEST_MAJOR} is the oldest that works, and old browsers have known holes.`;
      return warn(found, { why, mend: "tracker doctor --fix" });
    }
    return ok(found);
  },
  async mend(patient, { say }) {
    const { config: { browserPath, dataDir } } = patient;
    await findOrInstallBrowser({ say, browserPath, dataDir, isUsable });
  },
};

/** Whether what `--version` printed is that of a browser young enough. */
function isUsable(text: string): boolean {
  return (versionIn(text)?.major ?? 0) >= OLDEST_MAJOR;
}

function placesOf({ config: { browserPath, dataDir }, path }: Omit<Patient, "signal">) {
  return { browserPath, path, dataDir };
}

/** "Chromium 140.0.7339.16 built on Debian", "Google Chrome 140.0.7339.16". */
function versionIn(text: string): { readonly name: string; readonly major: number } | null {
  const match = /([A-Z][\w ]*? (\d+)\.\d+[\d.]*)/.exec(text);
  return match === null ? null : { name: match[1] ?? "", major: Number(match[2]) };
}

/** USER_DATA_DIR: there, closed to others, and not held by somebody. */
export const profile: Check = {
  name: "profile",
  title: "Browser profile",
  run({ config: { profileDir } }) {
    const mode = openToOthers(profileDir);
    if (mode === null) {
      return warn(`${profileDir} is not there yet`, {
        why: "Nobody has logged in on this machine.",
        mend: "tracker onboard",
      });
    }
    if (mode.isOpen) {
      return warn(`${profileDir} has mode ${modeText(mode.mode)}`, {
        why: "Other users of this machine can take your Cursor session from it.",
        mend: "tracker doctor --fix",
      });
    }
    const tracker = lockHolder(`${profileDir}/.tracker.lock`);
    // A capture holds it for a minute: that is no fault.
    if (tracker !== null) {
      return ok(`${profileDir}, in use by tracker${tracker.pid === null ? "" : ` (process ${tracker.pid})`}`);
    }
    const pid = browserPid(profileDir);
    if (pid !== null) {
      return warn(`${profileDir} is in use by a browser window (process ${pid})`, {
        why: "Scrapes cannot use it meanwhile.",
        mend: `kill ${pid}`,
      });
    }
    return ok(`${profileDir}, closed to others, free`);
  },
  mend({ config: { profileDir } }, { say }) {
    if (openToOthers(profileDir)?.isOpen !== true) return;
    privateDir(profileDir);
    if (openToOthers(profileDir)?.isOpen === false) say(`Closed ${profileDir} to other users (mode 700).`);
  },
};

const WORDS = {
  dns: { is: "its host name is not found (DNS)", mend: "Check this machine's name server and CURSOR_USAGE_URL" },
  tls: { is: "no secure connection is possible (TLS)", mend: "Check this machine's clock and any proxy on the way" },
  refused: { is: "nothing listens there", mend: "Check CURSOR_USAGE_URL" },
  time_out: { is: "no answer in time", mend: "Check the network and any firewall on the way" },
  other: { is: "it cannot be reached", mend: "Check the network and CURSOR_USAGE_URL" },
} as const;

/** The way to the usage page: name, connection, certificate, answer. */
export const usagePage: Check = {
  name: "usage_page",
  title: "Usage page",
  async run({ config: { usageUrl }, siteAnswer }) {
    const answer = await siteAnswer();
    const { host } = usageUrl;
    if ("fault" in answer) {
      const { is, mend } = WORDS[answer.fault];
      return fail(`${host}: ${is}`, { why: `The request failed: ${answer.text}.`, mend });
    }
    const { status, tookMs } = answer;
    if (status >= 500) {
      const why = "The site has a fault of its own; this usually passes.";
      return warn(`${host} answers with status ${status}`, { why, mend: "tracker doctor" });
    }
    return ok(`${host} answers within ${tookMs} ms (status ${status})`);
  },
};
