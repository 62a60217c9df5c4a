import type { Json } from "../../../domain/json.ts";
import { isReference, type Schema } from "./types.ts";

/** What values of these names look like; others follow from their type. */
const BY_NAME: Readonly<Record<string, Json>> = {
  api_cost_cents: 1234,
  avg_cents: 26,
  avg_micros: 255_000,
  budget_cents: 2000,
  budget_micros: 20_000_000,
  cache_efficiency: 0.85,
  complete: true,
  cost_per_1k_tokens_micros: 2_500,
  costliest_model: "claude-opus",
  days_elapsed: 11.3333,
  days_remaining: 18.6667,
  days_total: 30,
  detail: "'from' must not be after 'to': current values are 2026-11-05 and 2026-11-01",
  effective_budget_cents: 2000,
  end: "2026-12-10",
  events: 412,
  growth_ratio: 0.25,
  hint: "See /api/cycles for the cycles that are known.",
  hour: 14,
  id: 42,
  input_with_cache_write: 1_000,
  input_without_cache_write: 500,
  cache_read: 8_500,
  output_tokens: 2_000,
  total: 12_000,
  job: "scrape",
  key: "2026-11-21T19:00Z",
  method_reason: "PROJECTION_METHOD is linear",
  model: "claude-opus",
  month: "2026-11",
  name: "Cursor Models",
  percent_used: 27.4,
  requests: 412,
  share_of_day: 0.8,
  tile: "daily_spend",
  time_zone: "Europe/Berlin",
  title: "Bad request",
  tokens: 4_330,
  top_model: "claude-opus",
  top_user: "ada@example.com",
  user: "ada@example.com",
  version: "0.1.0",
};

const BY_FORMAT: Readonly<Record<string, string>> = {
  "date": "2026-11-10",
  "date-time": "2026-11-21T19:48:00Z",
  "uri-reference": "about:blank",
};

/** A value that fits the schema and looks like what is really answered. */
export function exampleOf(schema: Schema, name = ""): Json {
  const given = schema.example ?? schema.examples?.[0];
  if (given !== undefined) return given;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  const option = (schema.anyOf ?? schema.oneOf ?? [])[0];
  if (option !== undefined && !isReference(option)) return exampleOf(option, name);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "object") return objectExample(schema);
  if (type === "array") return arrayExample(schema, name);
  const known = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  if (known !== undefined && fits(known, type)) return known;
  return plainExample(schema, { type, name });
}

function objectExample({ properties }: Schema): Json {
  const example: Record<string, Json> = {};
  for (const name in properties) {
    const property = properties[name];
    if (property !== undefined && !isReference(property)) example[name] = exampleOf(property, name);
  }
  return example;
}

function arrayExample({ items }: Schema, name: string): Json {
  return items === undefined || isReference(items) ? [] : [exampleOf(items, name.replace(/s$/, ""))];
}

function plainExample({ format, minimum }: Schema, { type, name }: { type: string | undefined; name: string }): Json {
  switch (type) {
    case "integer":
    case "number":
      if (name.endsWith("_micros") || name === "micros") return 12_340_000;
      return name.endsWith("_cents") || name === "cents" ? 1234 : Math.max(7, minimum ?? 0);
    case "boolean":
      return false;
    case "string":
      return BY_FORMAT[format ?? ""] ?? (name === "" ? "text" : name.replaceAll("_", " "));
    default:
      return null;
  }
}

function fits(value: Json, type: string | undefined): boolean {
  if (type === "integer") return Number.isInteger(value);
  const is: string = typeof value;
  return is === type;
}
