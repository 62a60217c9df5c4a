import { EVENT_KINDS, type EventKind } from "../event_kind.ts";
import { EVENT_SOURCES, type EventSource, UNKNOWN_TOKENS, type UsageEvent, usageEvent } from "../events.ts";
import { readCount, readInstant, readMoney, UnreadableField } from "../fields.ts";
import type { Micros } from "../money.ts";
import type { CsvFault, CsvRecord } from "./event_row.ts";

/** One column of our own event export: its name, what it means, and its value. Unknown is an empty cell. */
export interface ExportColumn {
  readonly name: string;
  readonly meaning: string;
  readonly value: (event: UsageEvent) => string | number | boolean | null;
}

/** The columns of our own event export, in order. What is written can be imported again without a loss. */
export const EVENT_EXPORT_COLUMNS: readonly ExportColumn[] = [
  { name: "at", meaning: "time of the event, ISO 8601 UTC", value: ({ at }) => at.toString() },
  { name: "user", meaning: "who; empty for the account's owner and where unknown", value: ({ user }) => user },
  { name: "model", meaning: "the model's name", value: ({ model }) => model },
  { name: "kind", meaning: "kind of event, one of ours", value: ({ kind }) => kind.kind },
  { name: "kind_text", meaning: "the kind as Cursor wrote it", value: ({ kind }) => kind.text },
  { name: "max_mode", meaning: "true, false or empty", value: ({ maxMode }) => maxMode },
  { name: "input_with_cache_write_tokens", meaning: "tokens", value: ({ tokens }) => tokens.inputWithCacheWrite },
  { name: "input_without_cache_write_tokens", meaning: "tokens", value: ({ tokens }) => tokens.inputWithoutCacheWrite },
  { name: "cache_read_tokens", meaning: "tokens", value: ({ tokens }) => tokens.cacheRead },
  { name: "output_tokens", meaning: "tokens", value: ({ tokens }) => tokens.output },
  { name: "total_tokens", meaning: "tokens", value: ({ tokens }) => tokens.total },
  { name: "api_cost_usd", meaning: "cost at API prices, dollars", value: ({ cost }) => dollars(cost.api) },
  {
    name: "stated_usd",
    meaning: "amount beside the event, billed or not, dollars",
    value: ({ cost }) => dollars(cost.stated),
  },
  {
    name: "charged_usd",
    meaning: "what is billed, dollars; empty where nothing is",
    value: ({ charged }) => dollars(charged),
  },
  { name: "cost_basis", meaning: "billed, included, estimated or unknown", value: ({ costBasis }) => costBasis },
  {
    name: "said_included",
    meaning: "a reading said Included instead of an amount",
    value: (event) => event.saidIncluded,
  },
  { name: "restated_from", meaning: "included, where an amount came later", value: (event) => event.restatedFrom },
  { name: "requests", meaning: "request units of request plans, not money", value: ({ requests }) => requests },
  { name: "source", meaning: "where the cost was read", value: ({ cost }) => cost.source },
  {
    name: "kind_read_at",
    meaning: "when the kind was read, ISO 8601 UTC",
    value: ({ kind }) => kind.readAt.toString(),
  },
  {
    name: "cost_read_at",
    meaning: "when the cost was read, ISO 8601 UTC",
    value: ({ cost }) => cost.readAt.toString(),
  },
];

/** Whether a header line is that of our own event export. */
export function isEventExport(header: readonly string[]): boolean {
  return header.length === EVENT_EXPORT_COLUMNS.length &&
    EVENT_EXPORT_COLUMNS.every(({ name }, place) => header[place]?.trim() === name);
}

/** The cells of one event. */
export function eventCells(event: UsageEvent): string[] {
  return EVENT_EXPORT_COLUMNS.map(({ value }) => safeCell(value(event)));
}

/** Reads one record of our own export. */
export function readExportedEvent(
  { line, cells }: CsvRecord,
  file: string,
): { readonly event: UsageEvent } | { readonly fault: CsvFault } {
  const hint = "Export the events again with 'tracker export events'.";
  if (cells.length !== EVENT_EXPORT_COLUMNS.length) {
    const what = `A row must have ${EVENT_EXPORT_COLUMNS.length} cells: current value is ${cells.length}`;
    return { fault: { file, line, what, hint } };
  }
  const byName = new Map(EVENT_EXPORT_COLUMNS.map(({ name }, place) => [name, unsafeCell(cells[place] ?? "")]));
  try {
    return { event: eventOfExport((name) => byName.get(name) ?? "") };
  } catch (error) {
    if (!(error instanceof UnreadableField)) throw error;
    return { fault: { file, line, what: error.message, hint } };
  }
}

function eventOfExport(cell: (name: string) => string): UsageEvent {
  const count = (name: string) => readCount(cell(name), name);
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

/**
 * A cell that a spreadsheet cannot take for a formula: text that begins like one gets an apostrophe before it, and so
 * does text that begins with an apostrophe, so that reading it back gives the same text.
 */
export function safeCell(value: string | number | boolean | null): string {
  if (value === null) return "";
  return typeof value === "string" && /^[=+\-@\t\r\n']/.test(value) ? `'${value}` : String(value);
}

/** The text that `safeCell` was given. */
export function unsafeCell(cell: string): string {
  return /^'[=+\-@\t\r\n']/.test(cell) ? cell.slice(1) : cell;
}

function dollars(amount: Micros | null): string | null {
  if (amount === null) return null;
  const digits = String(amount).padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

function money(name: string, cell: (name: string) => string): Micros | null {
  const read = readMoney(cell(name), { name, unit: "dollars" });
  return read.kind === "amount" ? read.amount : null;
}

function instant(name: string, cell: (name: string) => string): Temporal.Instant {
  const at = readInstant(cell(name), name);
  if (at === null) throw new UnreadableField(name, cell(name), "a time");
  return at;
}

function required(name: string, cell: (name: string) => string): string {
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
