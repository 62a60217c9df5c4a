import type { UsageEvent } from "../events.ts";
import { type CsvFault, type CsvRecord, datedByNewest, readEventRow } from "./event_row.ts";
import { isEventExport, readExportedEvent } from "./export_events.ts";
import { layoutOf } from "./layout.ts";

/** What one file holds. */
export interface CsvEvents {
  readonly events: readonly UsageEvent[];
  readonly faults: readonly CsvFault[];
  /** Whose file it is; null where its first line is no header that we know, and nothing was read. */
  readonly origin: "cursor" | "tracker" | null;
}

/**
 * The events of one file, of any generation of Cursor's export or of our own. A row that cannot be read is a fault and
 * the rest is read on. `onRow` is told after each row, for a progress bar.
 */
export async function readCsvEvents(
  records: AsyncIterable<CsvRecord> | Iterable<CsvRecord>,
  { file, self = null, onRow }: { file: string; self?: string | null; onRow?: (line: number) => void },
): Promise<CsvEvents> {
  let read: ((record: CsvRecord) => { readonly event: UsageEvent } | { readonly fault: CsvFault }) | null = null;
  let origin: "cursor" | "tracker" = "cursor";
  const events: UsageEvent[] = [];
  const faults: CsvFault[] = [];
  for await (const record of records) {
    if (read === null) {
      const layout = layoutOf(record.cells);
      const isOurs = isEventExport(record.cells);
      if (layout === null && !isOurs) return { events, faults, origin: null };
      origin = isOurs ? "tracker" : "cursor";
      read = isOurs || layout === null
        ? (row) => readExportedEvent(row, file)
        : (row) => readEventRow(row, { file, layout, self });
      continue;
    }
    const row = read(record);
    if ("event" in row) events.push(row.event);
    else faults.push(row.fault);
    onRow?.(record.line);
  }
  if (read === null) return { events, faults, origin: null };
  return { events: origin === "cursor" ? datedByNewest(events) : events, faults, origin };
}
