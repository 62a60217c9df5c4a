import { readInstant } from "../fields.ts";
import { isJsonObject, type Json } from "../json.ts";
import type { RowsScope } from "./reading.ts";

/** Which days a dashboard request asked for. @throws UnreadableField where a bound is no time. */
export function scopeOf(request: Json): RowsScope {
  if (!isJsonObject(request)) return { kind: "current_cycle" };
  const from = readInstant(request["startDate"], "startDate");
  const to = readInstant(request["endDate"], "endDate");
  return from === null && to === null ? { kind: "current_cycle" } : { kind: "interval", from, to };
}
