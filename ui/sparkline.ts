const BARS = "▁▂▃▄▅▆▇█";

/** One character a value, from zero to the largest; a dot where a value is unknown. */
export function sparkline(values: readonly (number | null)[]): string {
  const largest = Math.max(...values.map((value) => value ?? 0), 0);
  return values.map((value) => {
    if (value === null) return "·";
    return BARS.charAt(largest === 0 ? 0 : Math.round(value / largest * (BARS.length - 1)));
  }).join("");
}
