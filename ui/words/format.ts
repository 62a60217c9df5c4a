/** Figures and times as a reader wants them. */

/** "148.2 M", "61.2 K", "812". */
export function formatCount(count: number): string {
  const units = [[1e9, "B"], [1e6, "M"], [1e3, "K"]] as const;
  const unit = units.find(([size]) => count >= size);
  return unit === undefined ? String(count) : `${(count / unit[0]).toFixed(1)}\u00a0${unit[1]}`;
}

/** "12,345". */
export function formatInteger(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 model", "3 models": a count with its noun. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** "88 %" of a share from 0 to 1; a dash where it is unknown. */
export function formatShare(share: number | null): string {
  return share === null ? "–" : `${Math.round(share * 100)}\u00a0%`;
}

/** "87.5 %" of a share from 0 to 1. */
export function formatTenths(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** "10 Nov". */
export function formatDay(date: Temporal.PlainDate): string {
  return date.toLocaleString("en-GB", { day: "numeric", month: "short" });
}

/** "10 November". */
export function formatLongDay(date: Temporal.PlainDate): string {
  return date.toLocaleString("en-GB", { day: "numeric", month: "long" });
}

/** "10 Nov", and the year where it is not this one. */
export function formatDate(date: Temporal.PlainDate | null, today: Temporal.PlainDate): string {
  if (date === null) return "?";
  return date.year === today.year ? formatDay(date) : `${formatDay(date)} ${date.year}`;
}

/** "Sat". */
export function formatWeekday(date: Temporal.PlainDate): string {
  return date.toLocaleString("en-GB", { weekday: "short" });
}

/** "Nov 2026". */
export function formatMonth(date: Temporal.PlainDate): string {
  return date.toLocaleString("en-GB", { month: "short", year: "numeric", calendar: "iso8601" });
}

/** "Nov ’26", where there is little room. */
export function formatShortMonth(date: Temporal.PlainDate): string {
  return `${date.toLocaleString("en-GB", { month: "short" })} ’${String(date.year).slice(-2)}`;
}

/** "now", "in 24 min", "in 3 h", "in 2 days". */
export function formatUntil(at: Temporal.Instant, now: Temporal.Instant): string {
  const minutes = Math.ceil(now.until(at).total("minutes"));
  if (minutes < 1) return "now";
  if (minutes < 60) return `in ${minutes} min`;
  if (minutes < 48 * 60) return `in ${Math.round(minutes / 60)} h`;
  return `in ${Math.round(minutes / 60 / 24)} days`;
}

/** "200.0 s", for columns of figures. */
export function formatSeconds(duration: Temporal.Duration): string {
  return `${duration.total("seconds").toFixed(1)} s`;
}

/** "0.4 s", "12 s", "3 min 20 s", "2 h 5 min". */
export function formatDuration(duration: Temporal.Duration): string {
  const seconds = Math.max(0, duration.total("seconds"));
  if (seconds < 10) return `${seconds.toFixed(1)}\u00a0s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}\u00a0s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)}\u00a0min ${whole % 60}\u00a0s`;
  return `${Math.floor(whole / 3_600)}\u00a0h ${Math.floor(whole % 3_600 / 60)}\u00a0min`;
}

/** "21 Nov 2026, 19:00 UTC" in the configured zone, for a tooltip. */
export function formatMoment(at: Temporal.Instant, timeZone: string): string {
  const local = at.toZonedDateTimeISO(timeZone);
  const date = local.toPlainDate().toLocaleString("en-GB", { day: "numeric", month: "short", year: "numeric" });
  return `${date}, ${local.toPlainTime().toString({ smallestUnit: "minute" })} ${timeZone}`;
}
