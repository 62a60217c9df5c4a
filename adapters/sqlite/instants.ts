/** ISO 8601 UTC with milliseconds, always as long: as text it sorts by time. */
export function textOfInstant(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: "millisecond" });
}
