import type { EventSource, UsageEvent } from "../events/event.ts";
import { readCount, UnreadableField } from "../fields.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { type EventContext, eventOf } from "./event.ts";
import { type Recognizer, scopeOf } from "./reading.ts";

const ENDPOINT = "get-filtered-usage-events";
const TOTAL = "totalUsageEventsCount";

/**
 * POST /api/dashboard/get-filtered-usage-events: one page of `usageEventsDisplay[]`, newest first (`usageEvents[]` in the
 * Admin API). An empty page can omit its list, and an empty answer is `{}`. One event that cannot be read is reported
 * and loses nothing but itself.
 */
export const filteredUsageEvents: Recognizer = {
  name: "filtered_usage_events",
  trust: 1,
  needs: ["usageEventsDisplay", "usageEvents"].flatMap((list) => [
    { figure: "times of events", anyOf: [`${list}[].timestamp`] },
    { figure: "models of events", anyOf: [`${list}[].model`] },
    { figure: "what is billed", anyOf: [`${list}[].kind`] },
    {
      figure: "costs of events",
      anyOf: ["chargedCents", "usageBasedCosts", "tokenUsage.totalCents"].map((field) => `${list}[].${field}`),
    },
    { figure: "tokens of events", anyOf: [`${list}[].tokenUsage.inputTokens`, `${list}[].tokenUsage.outputTokens`] },
  ]),
  recognize(payload, { capturedAt }) {
    if (payload.kind !== "network_json" || !isJsonObject(payload.body)) return null;
    const found = listOf(payload.body, payload.endpoint);
    if (found === null) return null;
    const problems: string[] = [];
    const events: UsageEvent[] = [];
    for (const [place, record] of found.records.entries()) {
      const report = (problem: string) => problems.push(`event ${place + 1}: ${problem}`);
      const event = tryEvent(record, { readAt: capturedAt, source: found.source, report });
      if (event !== null) events.push(event);
    }
    const total = readCount(payload.body[TOTAL], TOTAL);
    const page = isJsonObject(payload.request) ? readCount(payload.request["page"], "page") : null;
    return { events: { page: page ?? 1, total, events }, scope: scopeOf(payload.request), problems };
  },
};

function listOf(body: JsonObject, endpoint: string): { records: readonly Json[]; source: EventSource } | null {
  const names = [["usageEventsDisplay", "dashboard"], ["usageEvents", "admin_api"]] as const;
  for (const [name, source] of names) {
    const list = body[name];
    if (list === undefined || list === null) continue;
    if (!Array.isArray(list)) throw new UnreadableField(name, list, "a list of events");
    return { records: list, source };
  }
  const isEmptyPage = Object.keys(body).every((key) => key === TOTAL || key === "pagination" || key === "period");
  return isEmptyPage && (TOTAL in body || endpoint === ENDPOINT) ? { records: [], source: "dashboard" } : null;
}

function tryEvent(record: Json, context: EventContext): UsageEvent | null {
  try {
    return eventOf(record, context);
  } catch (error) {
    if (!(error instanceof UnreadableField)) throw error;
    context.report(error.message);
    return null;
  }
}
