import type { PageReader } from "../../domain/capture/capture.ts";
import { type CaptureReading, hasChanges, replay, type Replayed } from "../../domain/capture/replay.ts";
import { tableHash } from "../../domain/capture/table_hash.ts";
import { TrackerError } from "../../domain/errors.ts";
import { readCapture } from "../../domain/readers/read_capture.ts";
import type { Stores } from "../../domain/stores.ts";

/** What a replay needs. */
interface Parts {
  readonly stores: Stores;
  readonly pages: PageReader;
  /** Does the work in one transaction. */
  readonly transaction: <T>(work: () => T) => T;
  /** Does the work, takes back all of its writes, and returns what it made. */
  readonly rehearsal: <T>(work: () => T) => T;
}

/** Which captures, null for all that are kept, and whether what they say is written or only found out. */
export interface ReplayWish {
  readonly captureId: number | null;
  readonly apply: boolean;
}

/** Reads kept captures with today's code, and writes what they say if asked to. @throws TrackerError (exit code 2) */
export async function replayCaptures(
  { stores, pages, transaction, rehearsal }: Parts,
  { captureId, apply }: ReplayWish,
): Promise<Replayed[]> {
  const kept = stores.captures.list().map(({ id }) => id);
  if (captureId !== null && !kept.includes(captureId)) throw notKept(captureId, kept);
  const readings: CaptureReading[] = [];
  for (const id of captureId === null ? kept : [captureId]) {
    const reading = await readKept(stores, { captureId: id, pages });
    if (reading !== null) readings.push(reading);
  }
  if (!apply) return rehearsal(() => replay(stores, readings));
  return transaction(() => {
    const replayed = replay(stores, readings);
    if (replayed.some(hasChanges)) stores.history.rebuild();
    return replayed;
  });
}

function notKept(captureId: number, kept: readonly number[]): TrackerError {
  const ids = kept.length === 0 ? "none is kept" : `kept are ${kept.toSorted((a, b) => a - b).join(", ")}`;
  return new TrackerError(`Cannot replay capture ${captureId} as it is not kept`, {
    hint: `Name a kept capture: ${ids}.`,
    exitCode: 2,
  });
}

/** Null if a scrape has pushed it out meanwhile. */
async function readKept(
  { captures }: Stores,
  { captureId, pages }: { captureId: number; pages: PageReader },
): Promise<CaptureReading | null> {
  const capture = captures.load(captureId);
  if (capture === null) return null;
  const read = readCapture(capture, pages);
  const hash = read.usage === null ? null : await tableHash(read.usage);
  return { captureId, capturedAt: capture.capturedAt, read, tableHash: hash };
}
