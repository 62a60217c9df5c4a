import { type BillingCycle, cycleBetween, cycleOfDates } from "../cycle.ts";
import { modelName, readInstant } from "../fields.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Recognizer } from "./reading.ts";
import { columnsOf, rowOf, TOKEN_COLUMNS } from "./row.ts";

const MAX_DEPTH = 4;
const BARE_DATE = /^\d{4}-\d{2}-\d{2}$/;
const PERIOD_KEYS = ["billingperiod", "billingcycle", "period", "cycle", "currentperiod"];

/**
 * A list of records with the columns of the usage table, under any key and any known spelling of the columns:
 * `{"billing_period_start": "2026-11-10", …, "rows": [{"model": …, "input_with_cache_write_tokens": "1,024", …}]}`.
 */
export const flatRows: Recognizer = {
  name: "flat_rows",
  trust: 2,
  needs: [],
  recognize(payload) {
    if (payload.kind !== "network_json") return null;
    const found = findRows(payload.body, []);
    if (found === null) return null;
    const rows = found.records.map((record) => rowOf(record, modelName(String(columnsOf(record).model?.value))));
    const cycle = findCycle(found.path);
    return { rows, scope: { kind: "current_cycle" }, ...(cycle === null ? {} : { cycle }) };
  },
};

/** The first list of usage rows and the objects that it lies in, innermost first. */
function findRows(value: Json, path: JsonObject[]): { records: JsonObject[]; path: JsonObject[] } | null {
  if (Array.isArray(value)) {
    const records = value.filter(isUsageRecord);
    return records.length > 0 && records.length === value.length ? { records, path } : null;
  }
  if (!isJsonObject(value) || path.length >= MAX_DEPTH) return null;
  const rows = value["rows"];
  if (Array.isArray(rows) && rows.length === 0 && findCycle([value, ...path]) !== null) {
    return { records: [], path: [value, ...path] };
  }
  for (const child of Object.values(value)) {
    const found = findRows(child, [value, ...path]);
    if (found !== null) return found;
  }
  return null;
}

/** A model and at least two kinds of tokens; a time of its own makes it an event, which is another shape. */
function isUsageRecord(value: Json): value is JsonObject {
  if (!isJsonObject(value) || "timestamp" in value || "kind" in value) return false;
  const columns = columnsOf(value);
  const model = columns.model?.value;
  const kinds = TOKEN_COLUMNS.filter((column) => columns[column] !== undefined).length;
  return typeof model === "string" && model.trim() !== "" && kinds >= 2;
}

function findCycle(path: readonly JsonObject[]): BillingCycle | null {
  for (const object of path) {
    const own = cycleOf(object);
    if (own !== null) return own;
    for (const [key, child] of Object.entries(object)) {
      const isPeriod = PERIOD_KEYS.includes(plain(key)) && isJsonObject(child);
      const nested = isPeriod ? cycleOf(child) : null;
      if (nested !== null) return nested;
    }
  }
  return null;
}

function cycleOf(object: JsonObject): BillingCycle | null {
  const bound = (suffix: "start" | "end") =>
    Object.entries(object).find(([key]) => {
      const name = plain(key).replace(/(date|at)$/, "");
      return name === suffix || PERIOD_KEYS.some((period) => name === period + suffix);
    });
  const start = bound("start");
  const end = bound("end");
  if (start === undefined || end === undefined) return null;
  if (isBareDate(start[1]) && isBareDate(end[1])) {
    return cycleOfDates(readDate(start[1], start[0]), readDate(end[1], end[0]));
  }
  return cycleBetween(readInstant(start[1], start[0]), readInstant(end[1], end[0]));
}

function readDate(value: string, field: string): Temporal.PlainDate | null {
  return readInstant(value, field)?.toZonedDateTimeISO("UTC").toPlainDate() ?? null;
}

function isBareDate(value: Json): value is string {
  return typeof value === "string" && BARE_DATE.test(value);
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[^a-z]/g, "");
}
