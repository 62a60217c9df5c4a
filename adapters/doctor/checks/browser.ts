import { CaptureFailed } from "../../../domain/capture_failed.ts";
import { fail, ok, warn } from "../../../domain/doctor.ts";
import { findBrowser } from "../../cursor_web/find_browser.ts";
import { findOrInstallBrowser } from "../../cursor_web/install_browser.ts";
import type { Check, Patient } from "../check.ts";
import { outputOf } from "../output_of.ts";

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
    const { text, error } = await outputOf(path, { args: ["--version"], signal });
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
