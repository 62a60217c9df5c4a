/** "3 min ago", "5 h ago", "12 days ago". */
export function ageText(at: Temporal.Instant, now: Temporal.Instant): string {
  return `${hoursText(at.until(now).total("hours"))} ago`;
}

/** "3 min", "5 h", "12 days". */
export function hoursText(hours: number): string {
  if (hours < 1) return `${Math.max(0, Math.round(hours * 60))} min`;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
