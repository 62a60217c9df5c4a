import { EVENT_SOURCES, type EventSource, UNKNOWN_TOKENS, type UsageEvent, usageEvent } from "../events/event.ts";
import { readCount, readInstant, readMoney, UnreadableField } from "../fields.ts";
import type { Micros } from "../money.ts";
import { EVENT_KINDS, type EventKind } from "../readers/kind.ts";
import { type CsvFault, type CsvRecord, type ExportColumn, tokenColumns, unsafeText } from "./table.ts";

/** The columns of our own event export, in order. What is written can be imported again without a loss. */
export const EVENT_EXPORT_COLUMNS: readonly ExportColumn<UsageEvent>[] = [
  { name: "at", type: "time", meaning: "time of the event", value: ({ at }) => at.toString() },
  {
    name: "user",
    type: "text",
    meaning: "who; empty for the account's owner and where unknown",
    value: ({ user }) => user,
  },
  { name: "model", type: "text", meaning: "the model's name", value: ({ model }) => model },
  { name: "kind", type: "text", meaning: "kind of event, one of ours", value: ({ kind }) => kind.kind },
  { name: "kind_text", type: "text", meaning: "the kind as Cursor wrote it", value: ({ kind }) => kind.text },
  { name: "max_mode", type: "boolean", meaning: "true, false or empty", value: ({ maxMode }) => maxMode },
  ...tokenColumns(({ tokens }: UsageEvent) => tokens, { meaning: "tokens; empty where unknown" }),
  { name: "api_cost_usd", type: "dollars", meaning: "cost at API prices", value: ({ cost }) => cost.api },
  {
    name: "stated_usd",
    type: "dollars",
    meaning: "amount beside the event, billed or not",
    value: ({ cost }) => cost.stated,
  },
  {
    name: "charged_usd",
    type: "dollars",
    meaning: "what is billed; empty where nothing is",
    value: ({ charged }) => charged,
  },
  {
    name: "cost_basis",
    type: "text",
    meaning: "billed, included, estimated or unknown",
    value: ({ costBasis }) => costBasis,
  },
  {
    name: "said_included",
    type: "boolean",
    meaning: "a reading said Included instead of an amount",
    value: (event) => event.saidIncluded,
  },
  {
    name: "restated_from",
    type: "text",
    meaning: "included, where an amount came later",
    value: (event) => event.restatedFrom,
  },
  {
    name: "requests",
    type: "number",
    meaning: "request units of request plans, not money",
    value: ({ requests }) => requests,
  },
  { name: "source", type: "text", meaning: "where the cost was read", value: ({ cost }) => cost.source },
  {
    name: "kind_read_at",
    type: "time",
    meaning: "when the kind was read",
    value: ({ kind }) => kind.readAt.toString(),
  },
  {
    name: "cost_read_at",
    type: "time",
    meaning: "when the cost was read",
    value: ({ cost }) => cost.readAt.toString(),
  },
];

/** The columns that an event is read from again; the others follow from them. */
const READ_COLUMNS = [
  "at",
  "user",
  "model",
  "kind",
  "kind_text",
  "max_mode",
  "input_with_cache_write_tokens",
  "input_without_cache_write_tokens",
  "cache_read_tokens",
  "output_tokens",
  "total_tokens",
  "api_cost_usd",
  "stated_usd",
  "said_included",
  "requests",
  "source",
  "kind_read_at",
  "cost_read_at",
] as const;
type CellOf = (column: typeof READ_COLUMNS[number]) => string;

/** An event, or why its record cannot be read. */
export type ReadEvent = { readonly event: UsageEvent } | { readonly fault: CsvFault };

/**
 * Reads the records of our own export below this header line; null if the line is another one. Older and newer exports
 * have fewer and more columns: only those that an event is read from must be there.
 */
export function exportedEventReader(
  header: readonly string[],
  file: string,
): ((record: CsvRecord) => ReadEvent) | null {
  const places = new Map(header.map((name, place) => [name.trim(), place]));
  if (!READ_COLUMNS.every((name) => places.has(name))) return null;
  const hint = "Export the events again with 'tracker export events'.";
  return ({ line, cells }) => {
    if (cells.length !== header.length) {
      const what = `A row must have ${header.length} cells: current value is ${cells.length}`;
      return { fault: { file, line, what, hint } };
    }
    try {
      return { event: eventOfExport((name) => unsafeText(cells[places.get(name) ?? -1] ?? "")) };
    } catch (error) {
      if (!(error instanceof UnreadableField)) throw error;
      return { fault: { file, line, what: error.message, hint } };
    }
  };
}

function eventOfExport(cell: CellOf): UsageEvent {
  const count = (name: Parameters<CellOf>[0]) => readCount(cell(name), name);
  const counts = {
    inputWithCacheWrite: count("input_with_cache_write_tokens"),
    inputWithoutCacheWrite: count("input_without_cache_write_tokens"),
    cacheRead: count("cache_read_tokens"),
    output: count("output_tokens"),
    total: count("total_tokens"),
  };
  const { total, ...parts } = counts;
  const isWhole = Object.values(parts).every((part) => part !== null);
  const requests = cell("requests");
  return usageEvent({
    at: instant("at", cell),
    user: cell("user") === "" ? null : cell("user"),
    model: required("model", cell),
    tokens: isWhole ? counts : { ...UNKNOWN_TOKENS, total },
    kind: { readAt: instant("kind_read_at", cell), kind: kindOf(cell("kind")), text: cell("kind_text") },
    cost: {
      readAt: instant("cost_read_at", cell),
      source: sourceOf(cell("source")),
      api: money("api_cost_usd", cell),
      stated: money("stated_usd", cell),
    },
    saidIncluded: cell("said_included") === "true",
    requests: /^\d{1,12}(\.\d+)?$/.test(requests) ? Number(requests) : null,
    maxMode: cell("max_mode") === "" ? null : cell("max_mode") === "true",
  });
}

function money(name: Parameters<CellOf>[0], cell: CellOf): Micros | null {
  const read = readMoney(cell(name), { name, unit: "dollars" });
  return read.kind === "amount" ? read.amount : null;
}

function instant(name: Parameters<CellOf>[0], cell: CellOf): Temporal.Instant {
  const at = readInstant(cell(name), name);
  if (at === null) throw new UnreadableField(name, cell(name), "a time");
  return at;
}

function required(name: Parameters<CellOf>[0], cell: CellOf): string {
  if (cell(name) === "") throw new UnreadableField(name, "", "a text");
  return cell(name);
}

function kindOf(text: string): EventKind {
  const kind = EVENT_KINDS.find((known) => known === text);
  if (kind === undefined) throw new UnreadableField("kind", text, `one of ${EVENT_KINDS.join(", ")}`);
  return kind;
}

function sourceOf(text: string): EventSource {
  const source = EVENT_SOURCES.find((known) => known === text);
  if (source === undefined) throw new UnreadableField("source", text, `one of ${EVENT_SOURCES.join(", ")}`);
  return source;
}
