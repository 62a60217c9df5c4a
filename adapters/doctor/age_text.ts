/** "3 min ago", "5 h ago", "12 days ago". */
export function ageText(at: Temporal.Instant, now: Temporal.Instant): string {
  return `${hoursText(at.until(now).total("hours"))} ago`;
}

/** "3 min", "5 h", "12 days". */
export function hoursText(hours: number): string {
  const minutes = Math.max(0, Math.round(hours * 60));
  if (minutes < 60) return `${minutes} min`;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
