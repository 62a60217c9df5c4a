import { pageReader } from "../adapters/cursor_web/page_reader.ts";
import type { Capture, RawPayload } from "../domain/capture.ts";
import { tableHash } from "../domain/fingerprint.ts";
import {
  aggregatedUsagePayload,
  type SimUsage,
  type UsageHistory,
  usageSummaryPayload,
} from "../fixtures/cursor_sim/mod.ts";
import { normalizeCapture } from "../domain/normalize/read_capture.ts";
import { storeUsage } from "../jobs/scrape.ts";
import type { OpenServices } from "./services.ts";

const ORIGIN = "http://127.0.0.1";

/** What history is made of, and for how long. */
export interface FillOptions {
  readonly services: OpenServices;
  readonly history: UsageHistory;
  readonly days: number;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Stores what hourly scrapes of the past days would have stored, by the scrape's own normalize and store, day by day. The
 * newest request is kept from them, and left for the real scrape to find.
 */
export async function fillHistory({ services, history, days, say, signal }: FillOptions): Promise<void> {
  const now = services.clock.now();
  const newest = history.at(now).events.at(-1)?.at ?? now;
  let stored = 0;
  for (let day = days; day > 0 && !signal.aborted; day--) {
    const hours = Array.from({ length: 24 }, (_, hour) => now.subtract({ hours: 24 * day - hour }));
    const tables = await Promise.all(hours.map(async (at) => {
      const isLate = Temporal.Instant.compare(at, newest) >= 0;
      const capture = captureAt(history.at(isLate ? newest.subtract({ milliseconds: 1 }) : at), at);
      const { usage, payload } = normalizeCapture(capture, pageReader);
      if (usage === null) throw new Error("The simulated payloads hold no usage table");
      return { usage, payload, captureId: null, capturedAt: at, hash: await tableHash(usage) };
    }));
    services.transaction((tx) => {
      for (const table of tables) if (storeUsage(tx, table).outcome === "stored") stored++;
    });
    if (day % 23 === 0) say(`Filling history: ${Math.round((1 - day / days) * 100)} %`);
  }
  say(`Filled ${days} days of history: ${stored} snapshots.`);
}

function captureAt(usage: SimUsage, at: Temporal.Instant): Capture {
  return {
    capturedAt: at,
    payloads: [
      payload("/api/usage-summary", usageSummaryPayload(usage)),
      payload("/api/dashboard/get-aggregated-usage-events", aggregatedUsagePayload(usage.models)),
    ],
    evidence: {
      requestedUrl: ORIGIN,
      finalUrl: ORIGIN,
      pageStatus: 200,
      title: null,
      hasLoginForm: false,
      isChallenged: false,
      apiCalls: [],
      problems: [],
      timedOut: false,
      hasCrashed: false,
      durationMs: 0,
    },
  };
}

function payload(path: string, body: unknown): RawPayload {
  return {
    kind: "network_json",
    url: ORIGIN + path,
    method: "POST",
    status: 200,
    requestBody: null,
    contentType: "application/json",
    body: JSON.stringify(body),
  };
}
