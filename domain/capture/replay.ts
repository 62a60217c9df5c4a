import { type BillingCycle, isSameCycle } from "../cycle.ts";
import type { ReadCapture } from "../readers/read_capture.ts";
import type { Stores } from "../stores.ts";
import type { Snapshot, UsageRow } from "./usage.ts";

/** A kept capture as today's code reads it. */
export interface CaptureReading {
  readonly captureId: number;
  readonly capturedAt: Temporal.Instant;
  readonly read: Pick<ReadCapture, "usage" | "payload" | "windows" | "problems">;
  /** Null where it holds no usage table. */
  readonly tableHash: string | null;
}

/** One figure that is read otherwise today. Null where the row is not there, or the figure unknown. */
export interface FigureChange {
  /** Null for the cycle's own bounds. */
  readonly model: string | null;
  readonly figure: string;
  readonly before: string | number | null;
  readonly after: string | number | null;
}

/** What became of one capture. */
export interface Replayed {
  readonly captureId: number;
  readonly capturedAt: Temporal.Instant;
  /**
   * same: the stored table stands; corrected: the snapshot of this very capture is replaced; inserted: from this capture
   * on another table holds; no_table: it holds none, as a failed scrape's; emptied: it holds no rows where there were some.
   */
  readonly outcome: "same" | "corrected" | "inserted" | "no_table" | "emptied";
  readonly changes: readonly FigureChange[];
  readonly events: { readonly added: number; readonly updated: number };
  readonly problems: readonly string[];
}

/**
 * Writes what today's code reads out of kept captures, oldest first, in place of what older code has read. Snapshots
 * that are replaced stay, superseded; events are added and corrected, never deleted.
 */
export function replay(stores: Pick<Stores, "usage" | "events">, readings: readonly CaptureReading[]): Replayed[] {
  const oldestFirst = readings.toSorted((a, b) => Temporal.Instant.compare(a.capturedAt, b.capturedAt));
  let confirmed: { snapshotId: number; at: Temporal.Instant } | null = null;
  return oldestFirst.map((reading) => {
    const before = stores.usage.latestAt(reading.capturedAt);
    const checkedBefore = before !== null && confirmed?.snapshotId === before.id ? confirmed.at : before?.capturedAt;
    const { outcome, changes } = replayTable(stores, { reading, before, checkedBefore: checkedBefore ?? null });
    const after = stores.usage.latestAt(reading.capturedAt);
    if (after !== null && outcome !== "no_table" && outcome !== "emptied") {
      confirmed = { snapshotId: after.id, at: reading.capturedAt };
    }
    const { captureId, capturedAt, read: { problems } } = reading;
    return { captureId, capturedAt, outcome, changes, events: replayEvents(stores, reading), problems };
  });
}

/** Whether anything is read otherwise today. */
export function hasChanges({ changes, outcome, events }: Replayed): boolean {
  return changes.length > 0 || outcome === "corrected" || outcome === "inserted" || events.added + events.updated > 0;
}

function replayTable(
  { usage: store }: Pick<Stores, "usage">,
  { reading, before, checkedBefore }: {
    reading: CaptureReading;
    before: Snapshot | null;
    checkedBefore: Temporal.Instant | null;
  },
): Pick<Replayed, "outcome" | "changes"> {
  const { captureId, capturedAt, tableHash, read: { usage, payload } } = reading;
  if (usage === null || tableHash === null) return { outcome: "no_table", changes: [] };
  const table = { usage, tableHash, capturedAt, captureId, payload };
  const changes = changesBetween(
    before === null ? null : { cycle: before.cycle, rows: store.rows(before.id) },
    usage,
  );
  if (before === null || checkedBefore === null) {
    store.insert(table);
    return { outcome: "inserted", changes };
  }
  // Its hash alone does not tell: rows that were damaged later still stand under the old one.
  if (before.tableHash === tableHash && changes.length === 0) return { outcome: "same", changes };
  const isSuddenlyEmpty = usage.rows.length === 0 && before.rowsCount > 0 &&
    (usage.cycle.start === null || isSameCycle(before.cycle, usage.cycle));
  if (isSuddenlyEmpty) return { outcome: "emptied", changes: [] };
  store.replace(before, { ...table, checkedBefore });
  return { outcome: before.capturedAt.equals(capturedAt) ? "corrected" : "inserted", changes };
}

function replayEvents({ events }: Pick<Stores, "events">, { read: { windows } }: CaptureReading): Replayed["events"] {
  const merged = windows.map((window) => events.merge(window.events, { isReplay: true }));
  return {
    added: merged.reduce((sum, { added }) => sum + added, 0),
    updated: merged.reduce((sum, { updated }) => sum + updated, 0),
  };
}

type TableOf = { readonly cycle: BillingCycle; readonly rows: readonly UsageRow[] };

function changesBetween(before: TableOf | null, after: TableOf): FigureChange[] {
  const changes: FigureChange[] = [];
  const compare = (model: string | null, figure: string, [a, b]: [FigureChange["before"], FigureChange["after"]]) => {
    if (a !== b) changes.push({ model, figure, before: a, after: b });
  };
  for (const bound of ["start", "end"] as const) {
    const text = (table: TableOf | null) => table?.cycle[bound]?.toString() ?? null;
    compare(null, `billing_period_${bound}`, [text(before), text(after)]);
  }
  const figuresBefore = figuresOf(before?.rows ?? []);
  const figuresAfter = figuresOf(after.rows);
  for (const key of new Set([...figuresBefore.keys(), ...figuresAfter.keys()])) {
    const [a, b] = [figuresBefore.get(key), figuresAfter.get(key)];
    const model = a?.model ?? b?.model ?? null;
    for (const figure of FIGURES) compare(model, figure, [a?.figures[figure] ?? null, b?.figures[figure] ?? null]);
  }
  return changes;
}

const FIGURES = [
  "input_with_cache_write_tokens",
  "input_without_cache_write_tokens",
  "cache_read_tokens",
  "output_tokens",
  "total_tokens",
  "api_cost_micros",
  "cost_to_you_micros",
  "cost_basis",
] as const;
type RowFigures = Record<typeof FIGURES[number], number | string | null>;

/** By model; several rows of one model (its tiers) are told apart by their order. */
function figuresOf(rows: readonly UsageRow[]): Map<string, { model: string; figures: RowFigures }> {
  const seen = new Map<string, number>();
  return new Map(
    rows.toSorted(byModel).map((row) => {
      const nth = (seen.get(row.model) ?? 0) + 1;
      seen.set(row.model, nth);
      return [`${row.model} ${nth}`, { model: row.model, figures: rowFigures(row) }];
    }),
  );
}

function byModel(a: UsageRow, b: UsageRow): number {
  return a.model < b.model ? -1 : a.model > b.model ? 1 : a.tokens.total - b.tokens.total;
}

function rowFigures({ tokens, apiCost, costToYou, costBasis }: UsageRow): RowFigures {
  return {
    input_with_cache_write_tokens: tokens.inputWithCacheWrite,
    input_without_cache_write_tokens: tokens.inputWithoutCacheWrite,
    cache_read_tokens: tokens.cacheRead,
    output_tokens: tokens.output,
    total_tokens: tokens.total,
    api_cost_micros: apiCost,
    cost_to_you_micros: costToYou,
    cost_basis: costBasis,
  };
}
