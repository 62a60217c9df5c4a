import type { PageReader, ParsedPayload, RawPayload } from "../capture/capture.ts";
import type { Invoice, Limit, Pool, Usage } from "../capture/usage.ts";
import { type BillingCycle, cycleBetween, cycleStart, isSameCycle, UNKNOWN_CYCLE } from "../cycle.ts";
import { type EventPage, type EventWindow, joinPages } from "../events/pages.ts";
import { UnreadableField } from "../fields.ts";
import type { Json } from "../json.ts";
import { aggregatedUsageEvents } from "./aggregated_usage_events.ts";
import { authMe } from "./auth_me.ts";
import { currentPeriodUsage } from "./current_period_usage.ts";
import { domTable } from "./dom_table.ts";
import { filteredUsageEvents } from "./filtered_usage_events.ts";
import { flatRows } from "./flat_rows.ts";
import { hardLimit } from "./hard_limit.ts";
import { legacyUsage } from "./legacy_usage.ts";
import { monthlyInvoice } from "./monthly_invoice.ts";
import type { Reading, Recognizer, RowsScope } from "./reading.ts";
import { usageSummary } from "./usage_summary.ts";

/** Every known shape, tried in order. A new one is one file and one line here. */
export const RECOGNIZERS = [
  aggregatedUsageEvents,
  filteredUsageEvents,
  usageSummary,
  currentPeriodUsage,
  legacyUsage,
  monthlyInvoice,
  hardLimit,
  authMe,
  flatRows,
  domTable,
] as const satisfies readonly Recognizer[];

/** What a capture's payloads come to. `usage` is null where none of them holds the usage table. */
export interface Normalized {
  readonly usage: Usage | null;
  /** Place among the payloads of the one that the rows came from; null where there are none. */
  readonly payload: number | null;
  /** Payloads with a known shape and a value that cannot be read. */
  readonly problems: readonly string[];
  /** Windows of events; not every capture holds one, and a page alone is not the whole window. */
  readonly windows: readonly ReadWindow[];
  readonly limits: readonly Limit[];
  readonly invoices: readonly Invoice[];
  /** By place of the payload. */
  readonly payloads: readonly RecognizedPayload[];
}

/** What became of one payload. */
interface RecognizedPayload {
  /** Null where no known shape could read it. */
  readonly recognizer: string | null;
  /** It was read, and says that there is nothing: no rows, no events. */
  readonly isEmpty: boolean;
}

interface Named {
  readonly payload: number;
  readonly recognizer: Recognizer;
  readonly reading: Reading;
}

/**
 * Merges the payloads of one capture into one table. Order of trust for rows: the site's own aggregation for this cycle,
 * then a flat list of rows, then the table in the page, which is also used where the JSON knows of no rows. For the
 * cycle, the pools and the limits: usage-summary, current period, then whatever came with the rows, then /api/usage. A
 * payload that could not be parsed is null and keeps its place. Never throws, whatever the payloads hold.
 */
export function normalize(payloads: readonly (ParsedPayload | null)[], capturedAt: Temporal.Instant): Normalized {
  return merge(payloads.map((payload) => readPayload(payload, capturedAt)), capturedAt);
}

/** What one payload says, by the one shape that knows it; nothing where none does. */
export interface PayloadReading {
  readonly found: Omit<Named, "payload"> | null;
  readonly problems: readonly string[];
}

/** The first half of `normalize`: one payload, read for itself. Never throws. */
export function readPayload(payload: ParsedPayload | null, capturedAt: Temporal.Instant): PayloadReading {
  const problems: string[] = [];
  return { found: payload === null ? null : recognize(payload, { capturedAt, problems }), problems };
}

/** The second half: the payloads of one capture, by their places. */
export function merge(payloads: readonly PayloadReading[], capturedAt: Temporal.Instant): Normalized {
  const problems = payloads.flatMap((payload) => payload.problems);
  const readings = payloads.flatMap(({ found }, place): Named[] =>
    found === null ? [] : [{ ...found, payload: place }]
  );
  readings.sort((a, b) => a.recognizer.trust - b.recognizer.trust);
  const cycle = mergeCycle(readings, capturedAt);
  const table = chooseRows(readings, cycle, capturedAt);
  const all = readings.map(({ reading }) => reading);
  return {
    usage: table === null ? null : usageOf(table, { cycle, readings: all }),
    payload: table?.payload ?? null,
    problems,
    windows: windowsOf(all),
    limits: mergeLimits(all),
    invoices: all.map(({ invoice }) => invoice).filter((invoice) => invoice !== undefined),
    payloads: payloads.map((_, place) => recognizedPayload(readings.find(({ payload }) => payload === place))),
  };
}

function recognizedPayload(named: Named | undefined): RecognizedPayload {
  if (named === undefined) return { recognizer: null, isEmpty: false };
  const { rows, events } = named.reading;
  return { recognizer: named.recognizer.name, isEmpty: (rows ?? events?.events)?.length === 0 };
}

function usageOf(
  { recognizer, reading }: Named,
  { cycle, readings }: { cycle: BillingCycle; readings: readonly Reading[] },
): Usage {
  return {
    cycle,
    rows: reading.rows ?? [],
    pools: mergePools(readings),
    source: recognizer === domTable ? "dom_table" : "network_json",
    membership: readings.find(({ membership }) => membership !== undefined)?.membership ?? null,
  };
}

function mergeCycle(readings: readonly Named[], capturedAt: Temporal.Instant): BillingCycle {
  const stated = chooseCycle(readings);
  const hasCycleTable = readings.some(({ reading }) =>
    reading.rows !== undefined && reading.scope?.kind === "current_cycle"
  );
  if (stated.start !== null || hasCycleTable) return stated;
  return cycleOfInterval(readings, capturedAt) ?? stated;
}

function recognize(
  payload: ParsedPayload,
  { capturedAt, problems }: { capturedAt: Temporal.Instant; problems: string[] },
): Omit<Named, "payload"> | null {
  for (const recognizer of RECOGNIZERS) {
    try {
      const reading = recognizer.recognize(payload, { capturedAt });
      if (reading === null) continue;
      problems.push(...(reading.problems ?? []).map((problem) => `${recognizer.name}: ${problem}`));
      return { recognizer, reading };
    } catch (error) {
      if (!(error instanceof UnreadableField)) throw error;
      problems.push(`${recognizer.name}: ${error.message}`);
      return null;
    }
  }
  return null;
}

function chooseCycle(readings: readonly Named[]): BillingCycle {
  const known = readings.map(({ reading }) => reading.cycle).filter((cycle) => cycle !== undefined);
  const complete = known.find(({ start, end }) => start !== null && end !== null);
  const best = complete ?? known.find(({ start }) => start !== null) ?? UNKNOWN_CYCLE;
  // The same cycle with its exact hours, where another payload has only its dates.
  return known.find((cycle) => cycle.startAt !== null && cycle.endAt !== null && isSameCycle(cycle, best)) ?? best;
}

/** Rows for the whole cycle; the page may have asked for the last week only, and such rows are no cycle's figures. */
function chooseRows(
  readings: readonly Named[],
  cycle: BillingCycle,
  capturedAt: Temporal.Instant,
): Named | null {
  const covering = readings.filter(({ reading }) => reading.rows !== undefined && covers(reading, cycle, capturedAt));
  return covering.find(({ reading }) => (reading.rows?.length ?? 0) > 0) ?? covering[0] ?? null;
}

function covers({ scope }: Reading, cycle: BillingCycle, capturedAt: Temporal.Instant): boolean {
  if (scope === undefined || scope.kind === "current_cycle") return true;
  const start = cycleStart(cycle);
  if (start === null || scope.from === null) return false;
  const startsRight = Math.abs(scope.from.until(start).total("minutes")) <= 1;
  return startsRight && (scope.to === null || reachesNow(scope.to, capturedAt));
}

/** Where nothing else tells the cycle, the days that the page itself asked for are the best there is. */
function cycleOfInterval(readings: readonly Named[], capturedAt: Temporal.Instant): BillingCycle | null {
  for (const { reading: { rows, scope } } of readings) {
    if (rows === undefined || scope?.kind !== "interval" || scope.from === null) continue;
    const isOpen = scope.to === null || reachesNow(scope.to, capturedAt);
    const isWholeCycle = scope.to !== null && Temporal.Instant.compare(scope.to, capturedAt.add({ hours: 24 })) > 0;
    if (isOpen) return cycleBetween(scope.from, isWholeCycle ? scope.to : null);
  }
  return null;
}

/** A request that ends "now" was sent a little before its answer was captured. */
function reachesNow(to: Temporal.Instant, capturedAt: Temporal.Instant): boolean {
  return Temporal.Instant.compare(to, capturedAt.subtract({ minutes: 15 })) >= 0;
}

/** The pools of all readings, most trusted first: the first that tells a figure of a pool decides it. */
function mergePools(readings: readonly Reading[]): Pool[] {
  const pools = new Map<string, Pool>();
  for (const pool of readings.flatMap((reading) => reading.pools ?? [])) {
    const { name } = pool;
    const trusted = pools.get(name);
    pools.set(name, {
      name,
      percentUsed: trusted?.percentUsed ?? pool.percentUsed,
      used: trusted?.used ?? pool.used,
      limit: trusted?.limit ?? pool.limit,
    });
  }
  return [...pools.values()];
}

/** The limits of all readings, most trusted first: the first that names a limit decides it. */
function mergeLimits(readings: readonly Reading[]): Limit[] {
  const limits = new Map<string, Limit>();
  for (const limit of readings.flatMap((reading) => reading.limits ?? [])) {
    const key = `${limit.kind} ${limit.name}`;
    if (!limits.has(key)) limits.set(key, limit);
  }
  return [...limits.values()];
}

/** The events of one window that a capture holds, and the days that it was asked for. */
interface ReadWindow extends EventWindow {
  readonly scope: RowsScope;
}

/** The windows of all event pages among the readings: pages of one request belong together. */
function windowsOf(readings: readonly Reading[]): ReadWindow[] {
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

/** A raw payload made ready for the recognizers; null for one that answers an error or is no whole JSON. */
export function parsePayload(payload: RawPayload, pages: PageReader): ParsedPayload | null {
  if (payload.kind === "html") return { kind: "html", page: pages.read(payload.body) };
  if (payload.status < 200 || payload.status >= 300) return null;
  const body = parseJson(payload.body);
  if (body === undefined) return null;
  const endpoint = pathOf(payload.url).split("/").filter((part) => part !== "").at(-1) ?? "";
  const request = payload.requestBody === null ? null : parseJson(payload.requestBody) ?? null;
  return { kind: "network_json", endpoint, request, body };
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json; // any JSON text is Json; the recognizers check the rest
  } catch {
    return undefined;
  }
}

function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/]*/i, "").replace(/[?#].*$/, "");
}
