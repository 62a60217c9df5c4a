import { pageReader } from "../adapters/browser/page_reader.ts";
import { rehearsal, transaction } from "../adapters/sqlite/transaction.ts";
import { type CaptureReading, hasChanges, replay, type Replayed } from "../domain/capture/replay.ts";
import { tableHash } from "../domain/capture/table_hash.ts";
import { TrackerError } from "../domain/errors.ts";
import { readCapture } from "../domain/readers/read_capture.ts";
import type { Stores } from "../domain/stores.ts";
import type { DatabaseSync } from "node:sqlite";

/** Reads kept captures anew, and writes what they say in one transaction, or only finds out what that would change. */
export async function replayCaptures(
  db: DatabaseSync,
  { stores, captureId, apply }: { stores: Stores; captureId: number | null; apply: boolean },
): Promise<Replayed[]> {
  const kept = stores.captures.list().map(({ id }) => id);
  if (captureId !== null && !kept.includes(captureId)) {
    const ids = kept.length === 0 ? "none is kept" : `kept are ${kept.toSorted((a, b) => a - b).join(", ")}`;
    throw new TrackerError(`Cannot replay capture ${captureId} as it is not kept`, {
      hint: `Name a kept capture: ${ids}.`,
      exitCode: 2,
    });
  }
  const readings: CaptureReading[] = [];
  for (const id of captureId === null ? kept : [captureId]) {
    const reading = await readKept(stores, id);
    if (reading !== null) readings.push(reading);
  }
  if (!apply) return rehearsal(db, () => replay(stores, readings));
  return transaction(db, () => {
    const replayed = replay(stores, readings);
    if (replayed.some(hasChanges)) stores.history.rebuild();
    return replayed;
  });
}

/** Null where a scrape has pushed it out meanwhile. */
async function readKept({ captures }: Stores, captureId: number): Promise<CaptureReading | null> {
  const capture = captures.load(captureId);
  if (capture === null) return null;
  const read = readCapture(capture, pageReader);
  const hash = read.usage === null ? null : await tableHash(read.usage);
  return { captureId, capturedAt: capture.capturedAt, read, tableHash: hash };
}
