import { type EventPage, type EventWindow, joinPages } from "../event_pages.ts";
import type { Reading, RowsScope } from "./reading.ts";

/** The events of one window that a capture holds, and the days that it was asked for. */
export interface ReadWindow extends EventWindow {
  readonly scope: RowsScope;
}

/** The windows of all event pages among the readings: pages of one request belong together. */
export function windowsOf(readings: readonly Reading[]): ReadWindow[] {
  const windows = new Map<string, { scope: RowsScope; pages: EventPage[] }>();
  for (const { events, scope: asked } of readings) {
    if (events === undefined) continue;
    const scope: RowsScope = asked ?? { kind: "current_cycle" };
    const key = scope.kind === "interval" ? `${scope.from} ${scope.to}` : scope.kind;
    const window = windows.get(key) ?? { scope, pages: [] };
    window.pages.push(events);
    windows.set(key, window);
  }
  return Array.from(windows.values(), ({ scope, pages }) => ({ scope, ...joinPages(pages) }));
}
