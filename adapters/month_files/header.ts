import { type Exclusion, EXCLUSIONS } from "../../domain/billing/billable.ts";
import type { LedgerEntry } from "../../domain/billing/ledger.ts";
import type { FetchedWindow } from "../../domain/billing/month.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { micros } from "../../domain/money.ts";
import { z } from "zod";

const count = z.number().int().nonnegative();
const instant = z.string().transform((text, context) => {
  // Other tools may leave the zone out: they mean UTC.
  const zoned = /(?:z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`;
  try {
    return Temporal.Instant.from(zoned);
  } catch {
    context.addIssue({ code: "custom", message: "must be an ISO 8601 time" });
    return z.NEVER;
  }
});

const WindowJson = z.object({
  start: instant,
  end: instant,
  reported_events: count.nullable(),
  events: count,
  proven: z.boolean(),
});

const exclusion = z.custom<Exclusion>((value) => typeof value === "string" && value in EXCLUSIONS);
/** What was left out, as it is written to files. */
export const LedgerJson = z.array(z.object({
  reason: exclusion,
  kind: z.string(),
  user: z.string(),
  events: count,
  micros: z.number().int().transform(micros).nullable(),
}));

const Header = z.object({
  month: z.string(),
  fetched_at: instant.nullish(),
  total_events: z.union([count, z.string().regex(/^\d+$/).transform(Number)]).nullish(),
  complete: z.boolean().optional(),
  windows: z.array(WindowJson).optional(),
  excluded: LedgerJson.optional(),
});

/** The names of all fields but the events. */
export const HEADER_FIELDS = Header.keyof().options;

/** Everything in a month's file but its events. Another tool's file has the first three fields at most. */
export interface MonthHeader {
  /** "01-2026". */
  readonly month: string;
  readonly fetchedAt: Temporal.Instant | null;
  /** How many events the file should have; null where it does not tell. */
  readonly totalEvents: number | null;
  /** Null where another tool wrote the file. */
  readonly isComplete: boolean | null;
  readonly windows: readonly FetchedWindow[];
  readonly excluded: readonly LedgerEntry[];
}

/** The header of fields that were read from a file. @throws ZodError where one is missing or of the wrong type. */
export function parseHeader(fields: JsonObject): MonthHeader {
  const header = Header.parse(fields);
  return {
    month: header.month,
    fetchedAt: header.fetched_at ?? null,
    totalEvents: header.total_events ?? null,
    isComplete: header.complete ?? null,
    windows: header.windows?.map(readWindow) ?? [],
    excluded: header.excluded ?? [],
  };
}

/** The fields of a file that this program writes, in their order; the events follow. */
export function headerFields(header: MonthHeader): [key: string, value: Json][] {
  return [
    ["month", header.month],
    ["fetched_at", header.fetchedAt?.toString({ smallestUnit: "second" }) ?? null],
    ["total_events", header.totalEvents],
    ["complete", header.isComplete],
    ["windows", header.windows.map(windowJson)],
    ["excluded", header.excluded.map((entry) => ({ ...entry }))],
  ];
}

function readWindow(window: z.infer<typeof WindowJson>): FetchedWindow {
  return {
    startMs: window.start.epochMilliseconds,
    endMs: window.end.epochMilliseconds,
    reportedEvents: window.reported_events,
    events: window.events,
    isProven: window.proven,
  };
}

function windowJson(window: FetchedWindow): Json {
  return {
    start: isoText(window.startMs),
    end: isoText(window.endMs),
    reported_events: window.reportedEvents,
    events: window.events,
    proven: window.isProven,
  };
}

function isoText(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toString({ fractionalSecondDigits: 3 });
}
