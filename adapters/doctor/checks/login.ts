import type { Capture } from "../../../domain/capture/capture.ts";
import { diagnose, OUTCOME_MEANING } from "../../../domain/capture/outcome.ts";
import { type Session, sessionAge } from "../../../domain/capture/session.ts";
import { formatAge, formatHours } from "../../../domain/format.ts";
import { fail, type Finding, ok, skipped, warn } from "../../../domain/operations/doctor.ts";
import { readCapture } from "../../../domain/readers/read_capture.ts";
import { lostFigures } from "../../../domain/readers/shapes.ts";
import { pageReader } from "../../browser/page_reader.ts";
import { sqliteStores } from "../../sqlite/stores.ts";
import { type Check, scrapeHistory } from "../check.ts";

/** Outcomes that say nothing about the session. */
const LIMIT_SLACK_MS = 40_000;
const ASK_ONLINE = "tracker doctor --online";

/** Whether the site takes this machine for logged in: by the last scrape, or with --online by opening the page. */
export const login: Check = {
  name: "login",
  title: "Login",
  limitMs: ({ look, config }) => look === null ? 10_000 : config.scrapeTimeoutMs + LIMIT_SLACK_MS,
  async run({ look, signal, database, clock }) {
    const history = scrapeHistory(database());
    const sessions = history?.sessions ?? [];
    const now = clock.now();
    if (look !== null) return judged(await look({ signal }), { sessions, now });
    if (history === null || history.last === null) {
      return sessions.length > 0
        ? ok("logged in; no scrape has used it yet")
        : skipped("nobody has logged in yet, as far as is known", "tracker onboard");
    }
    const { last } = history;
    const when = formatAge(last.at, now);
    if (last.failure === null) return aged(`worked ${when}`, { sessions, now });
    if (last.outcome === "logged_out") {
      return fail(`Cursor has logged you out, seen ${when}`, { why: last.failure, mend: "tracker onboard" });
    }
    return warn(`not known: the last scrape, ${when}, did not get so far`, { why: last.failure, mend: ASK_ONLINE });
  },
};

/** What a look at the page tells now. */
function judged(capture: Capture, { sessions, now }: { sessions: readonly Session[]; now: Temporal.Instant }): Finding {
  const { usage, problems } = readCapture(capture, pageReader);
  if (usage !== null) {
    return aged(`works: the page shows ${usage.rows.length} ${usage.rows.length === 1 ? "model" : "models"}`, {
      sessions,
      now,
    });
  }
  const { evidence } = capture;
  const { outcome, error } = diagnose({ ...evidence, problems: [...problems, ...evidence.problems] });
  const { headline, mend } = OUTCOME_MEANING[outcome];
  return fail(headline ?? outcome, { why: error, mend });
}

/** It works; but a session that is about to end is worth a warning. */
function aged(found: string, { sessions, now }: { sessions: readonly Session[]; now: Temporal.Instant }): Finding {
  const age = sessionAge(sessions, now);
  if (age === null) return ok(found);
  const usual = age.usualHours === null ? "" : `, sessions usually last ${formatHours(age.usualHours)}`;
  const facts = `${found}; logged in for ${formatHours(age.ageHours)}${usual}`;
  if (!age.isDue) return ok(facts);
  return warn(facts, { why: "The session's usual end is near.", mend: "tracker onboard" });
}

const OLD_MINUTES = 130;

/** What the last scrape came to, and how old the figures are. */
export const lastScrape: Check = {
  name: "last_scrape",
  title: "Last scrape",
  run({ database, clock }) {
    const history = scrapeHistory(database());
    if (history === null || history.last === null) return skipped("there was none yet", "tracker scrape");
    const { last, snapshot } = history;
    const now = clock.now();
    const figures = snapshot === null ? "no figures yet" : `figures checked ${formatAge(snapshot.lastCheckedAt, now)}`;
    if (last.failure !== null) {
      const { headline, mend } = last.outcome === null
        ? { headline: "it failed", mend: `tracker runs show ${last.runId}` }
        : OUTCOME_MEANING[last.outcome];
      const found = `${headline ?? "it failed"}, ${formatAge(last.at, now)}; ${figures}`;
      return fail(found, { why: last.failure, mend });
    }
    const age = snapshot === null ? Infinity : snapshot.lastCheckedAt.until(now).total("minutes");
    if (age <= OLD_MINUTES) return ok(figures);
    return warn(figures, { why: "Scrapes are due every hour.", mend: "tracker scrape" });
  },
};

/** Whether Cursor's answers still hold every figure that they used to. */
export const drift: Check = {
  name: "drift",
  title: "Cursor's answers",
  run({ database }) {
    const db = database();
    const shapes = db === null ? [] : sqliteStores(db).shapes.list();
    if (shapes.length === 0) return skipped("none was seen yet");
    const lost = lostFigures(shapes);
    if (lost.length === 0) return ok(`${shapes.length} ${shapes.length === 1 ? "kind" : "kinds"} known, none changed`);
    return warn(`no longer sent: ${lost.join(", ")}`, {
      why: "These figures are shown as unknown. Look for a newer tracker, which may read them again.",
      mend: "tracker replay --apply",
    });
  },
};
