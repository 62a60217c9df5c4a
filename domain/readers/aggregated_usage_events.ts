import type { UsageRow } from "../capture/usage.ts";
import { modelName, readCents, readCount, UnreadableField } from "../fields.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { type Recognizer, scopeOf } from "./reading.ts";
import { costs, tokenCounts } from "./row.ts";

const ENDPOINT = "get-aggregated-usage-events";
const TOKEN_FIELDS: ReadonlySet<string> = new Set([
  "inputTokens",
  "outputTokens",
  "cacheWriteTokens",
  "cacheReadTokens",
]);
const UNKNOWN_COSTS = { apiCost: null, costToYou: null, costBasis: "unknown" } as const;

/**
 * POST /api/dashboard/get-aggregated-usage-events: `aggregations[]{modelIntent, …Tokens (text), totalCents (float)}`.
 * Zeros are omitted, and an interval without usage answers `{}`. It never tells the cost to the user.
 */
export const aggregatedUsageEvents: Recognizer = {
  name: "aggregated_usage_events",
  trust: 1,
  needs: [
    { figure: "models", anyOf: ["aggregations[].modelIntent"] },
    { figure: "tokens", anyOf: [...TOKEN_FIELDS].map((field) => `aggregations[].${field}`) },
    { figure: "API cost", anyOf: ["aggregations[].totalCents"] },
  ],
  recognize(payload) {
    if (payload.kind !== "network_json" || !isJsonObject(payload.body)) return null;
    const list = payload.body["aggregations"];
    const isEmptyAnswer = payload.endpoint === ENDPOINT && Object.keys(payload.body).every(isTotal);
    if (list === undefined && isEmptyAnswer) return { rows: [], scope: scopeOf(payload.request) };
    if (!Array.isArray(list)) return null;
    refuseLostTokens(list);
    return { rows: list.map(aggregationRow), scope: scopeOf(payload.request) };
  },
};

function aggregationRow(entry: Json): UsageRow {
  if (!isJsonObject(entry)) throw new UnreadableField("aggregations[]", entry, "an object");
  const model = entry["modelIntent"];
  if (typeof model !== "string" || model.trim() === "") {
    throw new UnreadableField("modelIntent", model ?? null, "a model's name");
  }
  refuseRenamedTokens(entry);
  const count = (field: string) => readCount(entry[field], field);
  const tokens = tokenCounts({
    inputWithCacheWrite: count("cacheWriteTokens"),
    inputWithoutCacheWrite: count("inputTokens"),
    cacheRead: count("cacheReadTokens"),
    output: count("outputTokens"),
    total: null,
  });
  const cents = readCents(entry["totalCents"], "totalCents");
  const isSilent = cents === null && !hasTokenField(entry); // tells nothing at all, which is not "no cost"
  const money = isSilent ? UNKNOWN_COSTS : costs(tokens, cents, null);
  return { model: modelName(model), tokens, ...money };
}

/** Zeros are omitted, but never all of them beside a cost: then the counts have gone elsewhere. */
function refuseLostTokens(list: readonly Json[]): void {
  const entries = list.filter(isJsonObject);
  if (entries.some(hasTokenField)) return;
  const costly = entries.find((entry) => (readCents(entry["totalCents"], "totalCents") ?? 0) > 0);
  if (costly !== undefined) {
    throw new UnreadableField("aggregations[]", costly, `rows with ${[...TOKEN_FIELDS].join(", ")}`);
  }
}

function hasTokenField(entry: JsonObject): boolean {
  return Object.keys(entry).some((key) => TOKEN_FIELDS.has(key));
}

/** Zeros are omitted, so a missing count is a zero; but not where counts stand there under names we do not know. */
function refuseRenamedTokens(entry: JsonObject): void {
  const unknown = Object.keys(entry).find((key) => /token/i.test(key) && !TOKEN_FIELDS.has(key));
  if (unknown !== undefined && !hasTokenField(entry)) {
    throw new UnreadableField(unknown, entry[unknown], `one of ${[...TOKEN_FIELDS].join(", ")}`);
  }
}

/** Totals may stand beside an omitted list. */
function isTotal(key: string): boolean {
  return /^total[A-Z]/.test(key);
}
