import type { Capture, UsageSite } from "../domain/capture/capture.ts";
import { CaptureFailed, diagnose, isDiskFull } from "../domain/capture/outcome.ts";
import { outcomeOf, SCRAPE, type ScrapeResult } from "../domain/capture/scrape.ts";
import { noteGoodScrape, noteLogout } from "../domain/capture/session.ts";
import { tableHash } from "../domain/capture/table_hash.ts";
import type { Usage } from "../domain/capture/usage.ts";
import { isSameCycle } from "../domain/cycle.ts";
import { messageOf } from "../domain/errors.ts";
import { earliest } from "../domain/events/merge.ts";
import type { Log, LogFields } from "../domain/log.ts";
import type { ReadCapture } from "../domain/readers/read_capture.ts";
import { type ObservedShape, type ShapeNews, updateShapes } from "../domain/readers/shapes.ts";
import type { Failure, Run } from "../domain/runs/run.ts";
import type { Stores } from "../domain/stores.ts";
import type { Job, RunContext } from "./job.ts";

const CAPTURE_TIMEOUT_SLACK_MS = 30_000;
/** A page that failed this late is not tried again at once: the next tick does that. */
const RETRY_WITHIN_MS = 20_000;

/** What a scrape needs from the outside. */
interface ScrapeParts {
  readonly site: UsageSite;
  /** The figures of a capture. Reading one takes as long as storing it: it is done once. */
  readonly read: (capture: Capture) => ReadCapture;
  /** For reading outside of the steps' transactions. */
  readonly stores: Stores;
  readonly captureTimeoutMs: number;
}

/**
 * Sees the usage page, then stores a snapshot where the table differs from the last one's. The capture is kept in the
 * database with its step, so that a crash before the store costs no second look. A scrape without figures fails its
 * run. What alerts follow from that is for the sweep to judge that comes after each scrape.
 */
export function scrapeJob({ site, read, stores, captureTimeoutMs }: ScrapeParts): Job<Stores, ScrapeResult> {
  return {
    name: SCRAPE,
    async run(context) {
      // Null where an earlier execution made the capture: then it is read again.
      const seen: { capture: SeenCapture | null } = { capture: null };
      const captureId = await context.stepAndSave(
        "capture",
        async ({ signal }) => (seen.capture = await captureUsage({ site, read, stores }, signal)).capture,
        (tx, capture) => {
          noteSession(tx, { capture, log: context.log });
          return tx.captures.save(capture);
        },
        {
          attempts: 2,
          delayMs: 2_000,
          timeoutMs: captureTimeoutMs + CAPTURE_TIMEOUT_SLACK_MS,
          retryable: isWorthAnotherTry,
          saveFailed: (tx, error) => {
            if (error instanceof CaptureFailed && error.capture !== null) tx.captures.save(error.capture);
          },
        },
      );
      return await storeCapture(context, {
        captureId,
        seen: () => seen.capture ?? readKept(captureId, { read, stores }),
      });
    },
    failed: noteFailure,
  };
}

/** A capture together with its figures. */
interface SeenCapture {
  readonly capture: Capture;
  readonly figures: ReadCapture;
}

async function storeCapture(
  context: RunContext<Stores>,
  { captureId, seen }: { captureId: number; seen: () => SeenCapture },
): Promise<ScrapeResult> {
  const result = await context.stepAndSave("store", async () => {
    const { capture: { capturedAt }, figures: { usage, payload, windows, shapes } } = seen();
    if (usage === null) {
      throw new CaptureFailed("The kept capture holds no usage table.", { outcome: "layout_changed" });
    }
    return { usage, payload, captureId, capturedAt, hash: await tableHash(usage), windows, shapes };
  }, (tx, { windows, shapes, ...read }) => {
    const changedFrom = earliest(windows.map(({ events }) => tx.events.merge(events).changedFrom));
    if (changedFrom !== null) tx.history.eventsChanged(changedFrom);
    for (const { endpoint, ...news } of noteDrift(tx, { observed: shapes, at: read.capturedAt })) {
      const level = news.lostFigures.length > 0 ? "warn" : "info";
      context.log[level]("shape.changed", driftFields(endpoint, news));
    }
    return storeUsage(tx, read);
  });
  context.log.info(`scrape.${result.outcome}`, { rows: result.rows_count, snapshot_id: result.snapshot_id });
  return result;
}

function readKept(captureId: number, { read, stores }: Pick<ScrapeParts, "read" | "stores">): SeenCapture {
  const capture = stores.captures.load(captureId);
  if (capture === null) throw new Error(`Capture ${captureId} is no longer kept`);
  return { capture, figures: read(capture) };
}

async function captureUsage(
  { site, read, stores }: Pick<ScrapeParts, "site" | "read" | "stores">,
  signal: AbortSignal,
): Promise<SeenCapture> {
  const { failedPage, ...capture } = await captureOf(site, signal);
  const failed = failedPage === undefined ? capture : { ...capture, failedPage };
  const figures = read(capture);
  const { usage, problems } = figures;
  if (usage === null) {
    const evidence = { ...capture.evidence, problems: [...problems, ...capture.evidence.problems] };
    const { outcome, error, hint } = diagnose(evidence);
    throw new CaptureFailed(error, { outcome, capture: failed, ...(hint === undefined ? {} : { hint }) });
  }
  if (isSuddenlyEmpty(usage, stores)) {
    throw new CaptureFailed("Cursor sent an empty usage table in the middle of a cycle that had figures.", {
      outcome: "empty_period",
      capture: failed,
    });
  }
  return { capture, figures };
}

/** A full disk stops a browser in many ways; all of them are one outcome. */
async function captureOf(site: UsageSite, signal: AbortSignal): Promise<Capture> {
  try {
    const capture = await site.capture({ signal });
    // As it is kept: what is read now and what a replay reads are the same.
    return { ...capture, capturedAt: capture.capturedAt.round({ smallestUnit: "millisecond", roundingMode: "floor" }) };
  } catch (error) {
    if (error instanceof CaptureFailed || !isDiskFull(error)) throw error;
    throw new CaptureFailed(messageOf(error), { outcome: "disk_full", cause: error });
  }
}

/** The session goes on, with what this capture tells of it. Another account than before is said. */
function noteSession({ sessions }: Stores, { capture, log }: { capture: Capture; log: Log }): void {
  const { account = null, expiresAt = null } = capture.session ?? {};
  const { isOtherAccount } = noteGoodScrape(sessions, { at: capture.capturedAt, account, expiresAt });
  if (isOtherAccount) log.warn("account.changed", { since: capture.capturedAt.toString() });
}

/** A new cycle may well be empty; one that had rows can't lose them all. */
function isSuddenlyEmpty(usage: Usage, { usage: store }: Stores): boolean {
  if (usage.rows.length > 0) return false;
  const last = store.latest();
  return last !== null && last.rowsCount > 0 && (isSameCycle(last.cycle, usage.cycle) || usage.cycle.start === null);
}

/** Stores a snapshot, or moves the last one's check where nothing changed. */
export function storeUsage(
  tx: Stores,
  { usage, payload, captureId, capturedAt, hash }: {
    usage: Usage;
    payload: number | null;
    captureId: number | null;
    capturedAt: Temporal.Instant;
    hash: string;
  },
): ScrapeResult {
  const last = tx.usage.latestAt(capturedAt);
  const isUnchanged = last?.tableHash === hash;
  if (isUnchanged) tx.usage.check(last.id, capturedAt, usage.pools);
  const snapshot = isUnchanged ? last : tx.usage.insert({ usage, tableHash: hash, capturedAt, captureId, payload });
  if (!isUnchanged) tx.history.record(snapshot, usage.rows);
  return {
    outcome: isUnchanged ? "unchanged" : "stored",
    source: usage.source,
    snapshot_id: snapshot.id,
    rows_count: usage.rows.length,
    table_hash: hash,
    billing_period_start: usage.cycle.start?.toString() ?? null,
    billing_period_end: usage.cycle.end?.toString() ?? null,
    error: null,
    hint: null,
  };
}

function isWorthAnotherTry(error: unknown): boolean {
  return error instanceof CaptureFailed && error.outcome === "unreachable" &&
    (error.capture?.evidence.durationMs ?? 0) < RETRY_WITHIN_MS;
}

/** A session that is over is remembered with the failure that told it. */
function noteFailure(tx: Stores, failure: Failure, run: Run): void {
  if (outcomeOf(failure) === "logged_out") noteLogout(tx.sessions, run.finishedAt ?? run.createdAt);
}

/** Remembers what a capture's payloads look like. Answers what is new, for the log. */
export function noteDrift(
  { shapes }: Pick<Stores, "shapes">,
  { observed, at }: { observed: readonly ObservedShape[]; at: Temporal.Instant },
): readonly ShapeNews[] {
  const update = updateShapes(shapes.list(), { observed, at });
  for (const shape of update.shapes) shapes.save(shape);
  return update.news;
}

/** What changed, as fields of a log event. */
function driftFields(
  endpoint: string,
  { added, lost, retyped, lostFigures }: Omit<ShapeNews, "endpoint">,
): LogFields {
  return {
    endpoint,
    added: [...added],
    lost: [...lost],
    retyped: retyped.map(({ path, before, after }) => `${path}: ${before} to ${after}`),
    lost_figures: [...lostFigures],
  };
}
