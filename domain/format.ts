/** Sizes and ages as people read them, wherever they stand: on pages, in commands, in what the doctor finds. */

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** "420 B", "1.4 MiB", "143 MiB". */
export function formatBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)}\u00a0${UNITS[power]}`;
}

/** "just now", "12 min ago", "3 h ago", "2 days ago". */
export function formatAge(at: Temporal.Instant, now: Temporal.Instant): string {
  const minutes = Math.floor(at.until(now).total("minutes"));
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 60 / 24)} days ago`;
}

/** A span of time: "3 min", "5 h", "12 days". */
export function formatHours(hours: number): string {
  const minutes = Math.max(0, Math.round(hours * 60));
  if (minutes < 60) return `${minutes} min`;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
