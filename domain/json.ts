/** A value that survives JSON: what step results, run inputs and raw payloads are made of. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object whose fields have not been checked yet. */
export type JsonObject = { [key: string]: Json };

/** Whether the value is an object with keys: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
