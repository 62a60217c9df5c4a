import { type Capture } from "../../../domain/capture.ts";
import { fail, type Finding, ok, skipped, warn } from "../../../domain/doctor.ts";
import { readCapture } from "../../../domain/normalize/read_capture.ts";
import { diagnose, OUTCOME_MEANING } from "../../../domain/outcome.ts";
import { type Session, sessionAge } from "../../../domain/sessions.ts";
import { pageReader } from "../../cursor_web/page_reader.ts";
import { ageText, hoursText } from "../age_text.ts";
import type { Check } from "../check.ts";
import { historyOf } from "../history_of_scrapes.ts";

/** Outcomes that say nothing about the session. */
const LIMIT_SLACK_MS = 40_000;
const ASK_ONLINE = "tracker doctor --online";

/** Whether the site takes this machine for logged in: by the last scrape, or with --online by opening the page. */
export const login: Check = {
  name: "login",
  title: "Login",
  limitMs: ({ look, config }) => look === null ? 10_000 : config.scrapeTimeoutMs + LIMIT_SLACK_MS,
  async run({ look, signal, database, clock }) {
    const history = historyOf(database());
    const sessions = history?.sessions ?? [];
    const now = clock.now();
    if (look !== null) return judged(await look({ signal }), { sessions, now });
    if (history === null || history.last === null) {
      return sessions.length > 0
        ? ok("logged in; no scrape has used it yet")
        : skipped("nobody has logged in yet, as far as is known", "tracker onboard");
    }
    const { last } = history;
    const when = ageText(last.at, now);
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
  const usual = age.usualHours === null ? "" : `, sessions usually last ${hoursText(age.usualHours)}`;
  const facts = `${found}; logged in for ${hoursText(age.ageHours)}${usual}`;
  if (!age.isDue) return ok(facts);
  return warn(facts, { why: "The session's usual end is near.", mend: "tracker onboard" });
}
