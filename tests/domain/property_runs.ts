/** How many cases a property is tried on: PROPERTY_RUNS where it is set and may be read, else `byDefault`. */
export function propertyRuns(byDefault: number): number {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "PROPERTY_RUNS" });
  const text = state === "granted" ? Deno.env.get("PROPERTY_RUNS") : undefined;
  return text === undefined ? byDefault : Number(text);
}
