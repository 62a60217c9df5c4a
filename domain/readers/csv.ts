import { type EventTokens, UNKNOWN_TOKENS, type UsageEvent, usageEvent } from "../events/event.ts";
import { modelName, type MoneyCell, readCount, readInstant, readMoney, UnreadableField } from "../fields.ts";
import type { Micros } from "../money.ts";
import { exportedEventReader, type ReadEvent } from "../tables/events.ts";
import type { CsvFault, CsvRecord } from "../tables/table.ts";
import { isZeroed } from "./event.ts";
import { type EventKind, eventKindOf, isBilledKind } from "./kind.ts";
import { type Column, columnOf, TOKEN_COLUMNS, tokenCounts } from "./row.ts";

/** What a column of an event export means: those of the usage table, and those that only events have. */
type EventColumn = Column | "date" | "user" | "kind" | "maxMode" | "requests";

/** Where a file's columns are. */
interface CsvLayout {
  /** How many cells each record must have. */
  readonly width: number;
  readonly places: ReadonlyMap<EventColumn, number>;
}

/** Columns that only events have, in lower case with letters only. */
const EVENT_NAMES: Readonly<Record<string, EventColumn>> = {
  date: "date",
  timestamp: "date",
  user: "user",
  kind: "kind",
  maxmode: "maxMode",
  requests: "requests",
};

/**
 * The layout that a header line describes; null where it is no event export. Columns may stand in any order, so all
 * generations are one: "Date,User,Kind,Max Mode,Model,Tokens,Cost ($)" of 2025-08, the four token columns since then,
 * "Cost to you", "Cloud Agent ID,Automation ID", and "Requests" in place of "Cost" on request plans.
 */
function layoutOf(header: readonly string[]): CsvLayout | null {
  const places = new Map<EventColumn, number>();
  for (const [place, name] of header.entries()) {
    const column = eventColumnOf(name);
    if (column !== null && !places.has(column)) places.set(column, place);
  }
  const isEvents = (["date", "model", "total"] as const).every((column) => places.has(column));
  return isEvents ? { width: header.length, places } : null;
}

function eventColumnOf(name: string): EventColumn | null {
  const plain = name.toLowerCase().replace(/[^a-z]/g, "");
  return (Object.hasOwn(EVENT_NAMES, plain) ? EVENT_NAMES[plain] : undefined) ?? columnOf(name);
}

/** Which file a record is of, and whose. */
interface CsvContext {
  readonly file: string;
  readonly layout: CsvLayout;
  /** The account owner's own name in User columns, beside "You": such events have no user, as in the owner's dashboard. */
  readonly self: string | null;
}

type ReadCell = (column: EventColumn) => string;

/** Reads one record. Its reading times are those of the event until `datedByNewest` has seen the whole file. */
function readEventRow(
  { line, cells }: CsvRecord,
  { file, layout, self }: CsvContext,
): ReadEvent {
  if (cells.length !== layout.width) {
    const what = `A row must have ${layout.width} cells: current value is ${cells.length}`;
    return { fault: { file, line, what, hint: "The file may be cut off or edited; export it from Cursor again." } };
  }
  const cell: ReadCell = (column) => cells[layout.places.get(column) ?? -1]?.trim() ?? "";
  try {
    return { event: eventOfCells(cell, { layout, self }) };
  } catch (error) {
    if (!(error instanceof UnreadableField)) throw error;
    return {
      fault: { file, line, what: error.message, hint: "Correct the cell, or export the file from Cursor again." },
    };
  }
}

/**
 * The events of one whole file as read when its newest event happened: the nearest to the time of the export that a file
 * tells, and the same on every machine. So of two files the later export decides, in whatever order they are read.
 */
function datedByNewest(events: readonly UsageEvent[]): UsageEvent[] {
  const newest = events.reduce<Temporal.Instant | null>(
    (latest, { at }) => latest === null || Temporal.Instant.compare(at, latest) > 0 ? at : latest,
    null,
  );
  if (newest === null) return [];
  return events.map((event) =>
    usageEvent({ ...event, kind: { ...event.kind, readAt: newest }, cost: { ...event.cost, readAt: newest } })
  );
}

function eventOfCells(cell: ReadCell, { layout, self }: { layout: CsvLayout; self: string | null }): UsageEvent {
  const at = readInstant(cell("date"), "Date");
  if (at === null) throw new UnreadableField("Date", cell("date"), "a time such as 2026-11-21T10:00:00.000Z");
  if (cell("model") === "") throw new UnreadableField("Model", "", "a model's name");
  const tokens = tokensOf(cell, layout);
  const cost = readMoney(cell("apiCost"), { name: "Cost", unit: "dollars" });
  const toYou = readMoney(cell("costToYou"), { name: "Cost to you", unit: "dollars" });
  const api = amountOf(cost, tokens);
  const kind = layout.places.has("kind") ? eventKindOf(cell("kind")) : kindOfCosts({ cost, toYou, api });
  return usageEvent({
    at,
    user: userOf(cell("user"), self),
    model: modelName(cell("model")),
    tokens,
    kind: { readAt: at, kind, text: cell("kind") },
    cost: { readAt: at, source: "csv", api, stated: statedCharge(toYou, { api, tokens }) },
    saidIncluded: cost.kind === "included" && !isBilledKind(kind),
    requests: requestsOf(cell("requests")),
    maxMode: { yes: true, true: true, no: false, false: false }[cell("maxMode").toLowerCase()] ?? null,
  });
}

/** The four counts, or the total alone, as in the first exports; blank cells are counts that Cursor does not tell. */
function tokensOf(cell: ReadCell, layout: CsvLayout): EventTokens {
  const total = readCount(cell("total"), "Total Tokens");
  const parts = TOKEN_COLUMNS.map((column) => layout.places.has(column) ? readCount(cell(column), column) : null);
  const [inputWithCacheWrite = null, inputWithoutCacheWrite = null, cacheRead = null, output = null] = parts;
  if (parts.every((part) => part === null)) return { ...UNKNOWN_TOKENS, total };
  const tokens = tokenCounts({ inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total: null });
  if (total !== null && total !== tokens.total) {
    throw new UnreadableField("Total Tokens", total, `the sum of the row's tokens (${tokens.total})`);
  }
  return tokens;
}

function amountOf(cell: MoneyCell, tokens: EventTokens): Micros | null {
  return cell.kind !== "amount" || isZeroed(cell.amount, tokens.total) ? null : cell.amount;
}

/** "Cost to you", which is `chargedCents`; without that column the cost. As there, "Included" is no amount. */
function statedCharge(
  toYou: MoneyCell,
  { api, tokens }: { api: Micros | null; tokens: EventTokens },
): Micros | null {
  if (toYou.kind === "missing") return api;
  return toYou.kind === "amount" && api !== null ? toYou.amount : amountOf(toYou, tokens);
}

/** The generation with "Cost to you" has no kinds: what is billed stands in that column. */
function kindOfCosts({ cost, toYou, api }: { cost: MoneyCell; toYou: MoneyCell; api: Micros | null }): EventKind {
  if (toYou.kind === "amount" && toYou.amount > 0) return "usage_based";
  if (toYou.kind === "included" || cost.kind === "included") return "included";
  return toYou.kind === "amount" && api !== null ? "included" : "unspecified";
}

/** Units of a request plan, which are not money. "Free" is none of them, "-" and blank tell nothing. */
function requestsOf(text: string): number | null {
  if (text === "" || text === "-") return null;
  if (text.toLowerCase() === "free" || text.toLowerCase() === "included") return 0;
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text)) {
    throw new UnreadableField("Requests", text, `a count such as "0.5" or "Free"`);
  }
  return Number(text);
}

function userOf(text: string, self: string | null): string | null {
  const isSelf = text === "" || text.toLowerCase() === "you" || text.toLowerCase() === self?.toLowerCase();
  return isSelf ? null : text;
}

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
  let read: ((record: CsvRecord) => ReadEvent) | null = null;
  let origin: "cursor" | "tracker" = "cursor";
  const events: UsageEvent[] = [];
  const faults: CsvFault[] = [];
  for await (const record of records) {
    if (read === null) {
      const ours = exportedEventReader(record.cells, file);
      const layout = layoutOf(record.cells);
      origin = ours === null ? "cursor" : "tracker";
      read = ours ?? (layout === null ? null : (row) => readEventRow(row, { file, layout, self }));
      if (read === null) break;
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
