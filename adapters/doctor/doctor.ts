import { untilAborted } from "../../domain/abort.ts";
import { messageOf, TrackerError } from "../../domain/errors.ts";
import { type CheckResult, type DoctorReport, fail, type Finding } from "../../domain/operations/doctor.ts";
import { VERSION } from "../../domain/version.ts";
import { isFile } from "../files/files.ts";
import { databasePath } from "../sqlite/open.ts";
import { askSite, type Check, type CheckContext, type Patient } from "./check.ts";
import { browser, profile, usagePage } from "./checks/browser.ts";
import { configuration, database, dataDir } from "./checks/data.ts";
import { drift, lastScrape, login } from "./checks/login.ts";
import { clock, port, timeZone } from "./checks/machine.ts";
import { adminApi, channelChecks } from "./checks/outside.ts";
import { schedule, systemdUnit } from "./checks/service.ts";
import { DatabaseSync } from "node:sqlite";

/** Every check, in the order in which people read them; a new one is one file and one line here. */
export function checksFor(patient: Patient): readonly Check[] {
  return [
    configuration,
    dataDir,
    database,
    browser,
    profile,
    usagePage,
    login,
    lastScrape,
    schedule,
    ...channelChecks(patient),
    adminApi,
    clock,
    timeZone,
    port,
    systemdUnit,
    drift,
  ];
}

/** How the doctor works. */
interface DoctorOptions extends ExamineOptions {
  /** Mends what it can first; `say` is told what it does. */
  readonly mend?: { readonly say: (text: string) => void } | null;
}

/** Looks at everything that must work. Never throws for what is wrong: that is the report. */
export async function examineAll(patient: Patient, { mend = null, ...options }: DoctorOptions): Promise<DoctorReport> {
  const mended: string[] = [];
  if (mend !== null) {
    const say = (text: string) => {
      mended.push(text);
      mend.say(text);
    };
    await mendAll(patient, { say, signal: options.signal });
  }
  const checks = await examine(patient, { ...options, checks: checksFor(patient) });
  return { at: patient.clock.now(), version: VERSION, checks, mended };
}

/** Lets each check mend what it finds wrong; what cannot be mended is said. */
async function mendAll(
  patient: Patient,
  { say, signal }: { say: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  for (const check of checksFor(patient)) {
    if (check.mend === undefined || signal.aborted) continue;
    const [result] = await examine(patient, { checks: [check], signal });
    if (result?.status === "ok") continue;
    try {
      await check.mend(patient, { say });
    } catch (error) {
      say(`${check.title} could not be mended: ${messageOf(error)}`);
    }
  }
}

const DEFAULT_LIMIT_MS = 10_000;
const SITE_LIMIT_MS = 8_000;

/** How an examination goes on. */
interface ExamineOptions {
  readonly signal: AbortSignal;
  /** Told each result as soon as it and all before it are there. */
  readonly onResult?: (result: CheckResult) => void;
}

/** Makes all checks at once, each with its own time limit; answers in the order of the list. Never throws. */
export async function examine(
  patient: Patient,
  { checks, signal, onResult = () => {} }: ExamineOptions & { checks: readonly Check[] },
): Promise<CheckResult[]> {
  using database = openOnce(patient.config.dataDir);
  let site: ReturnType<typeof askSite> | null = null;
  const siteSignal = AbortSignal.any([signal, AbortSignal.timeout(SITE_LIMIT_MS)]);
  const shared = {
    ...patient,
    database: database.get,
    siteAnswer: () => site ??= askSite(patient.config.usageUrl, { signal: siteSignal }),
  };
  const running = checks.map((check) => makeCheck(check, { shared, signal }));
  const results: CheckResult[] = [];
  for (const result of running) {
    results.push(await result);
    onResult(await result);
  }
  return results;
}

async function makeCheck(
  check: Check,
  { shared, signal }: { shared: Omit<CheckContext, "signal">; signal: AbortSignal },
): Promise<CheckResult> {
  const { name, title, limitMs = () => DEFAULT_LIMIT_MS } = check;
  const startedAtMs = performance.now();
  const limit = limitMs(shared);
  const own = AbortSignal.any([signal, AbortSignal.timeout(limit)]);
  const finding = await Promise.race([
    Promise.resolve().then(() => check.run({ ...shared, signal: own })).catch((error) => findingOf(error)),
    untilAborted(own).then(() =>
      fail(signal.aborted ? "interrupted" : `not done within ${Math.round(limit / 1000)} seconds`, {
        why: "The check was given up.",
        mend: "tracker doctor",
      })
    ),
  ]);
  return { name, title, ...finding, durationMs: Math.round(performance.now() - startedAtMs) };
}

function findingOf(error: unknown): Finding {
  const hint = error instanceof TrackerError ? error.hint : null;
  return fail(messageOf(error).replace(/\.$/, ""), { why: hint ?? "The check itself failed.", mend: null });
}

/** The database, opened when a check first asks for it, and closed with the examination. */
function openOnce(dataDir: string): { get(): DatabaseSync | null } & Disposable {
  let db: DatabaseSync | null = null;
  return {
    get() {
      if (db !== null) return db;
      const path = databasePath(dataDir);
      if (!isFile(path)) return null;
      return db = new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
    },
    [Symbol.dispose]: () => db?.close(),
  };
}
