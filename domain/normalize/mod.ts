import type { ParsedPayload } from "../capture.ts";
import { cycleBetween, cycleStart, isSameCycle, UNKNOWN_CYCLE } from "../cycle.ts";
import { UnreadableField } from "../fields.ts";
import type { Invoice, Limit } from "../limits.ts";
import type { BillingCycle, Usage } from "../usage.ts";
import { aggregatedUsageEvents } from "./aggregated_usage_events.ts";
import { authMe } from "./auth_me.ts";
import { currentPeriodUsage } from "./current_period_usage.ts";
import { type Disagreement, disagreementsOf } from "./disagreements.ts";
import { domTable } from "./dom_table.ts";
import { filteredUsageEvents } from "./filtered_usage_events.ts";
import { flatRows } from "./flat_rows.ts";
import { hardLimit } from "./hard_limit.ts";
import { legacyUsage } from "./legacy_usage.ts";
import { mergeLimits, mergePools } from "./merge_parts.ts";
import { monthlyInvoice } from "./monthly_invoice.ts";
import { usageSummary } from "./usage_summary.ts";
import { type ReadWindow, windowsOf } from "./windows.ts";
import type { Reading, Recognizer } from "./reading.ts";

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
  /** Names of the shapes that were recognized. */
  readonly recognized: readonly string[];
  /** Payloads with a known shape and a value that cannot be read. */
  readonly problems: readonly string[];
  /** Windows of events; not every capture holds one, and a page alone is not the whole window. */
  readonly windows: readonly ReadWindow[];
  readonly limits: readonly Limit[];
  readonly invoices: readonly Invoice[];
  /** Figures that two payloads tell more than a cent apart. */
  readonly disagreements: readonly Disagreement[];
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
  const problems: string[] = [];
  const readings: Named[] = [];
  for (const [place, payload] of payloads.entries()) {
    const found = payload === null ? null : recognize(payload, { capturedAt, problems });
    if (found !== null) readings.push({ ...found, payload: place });
  }
  readings.sort((a, b) => a.recognizer.trust - b.recognizer.trust);
  const recognized = [...new Set(readings.map(({ recognizer }) => recognizer.name))];
  const cycle = mergeCycle(readings, capturedAt);
  const table = chooseRows(readings, cycle, capturedAt);
  const all = readings.map(({ reading }) => reading);
  const comparable = readings.map(({ recognizer: { name }, reading }) => ({
    name,
    reading: covers(reading, cycle, capturedAt) ? reading : { ...reading, rows: [] },
  }));
  return {
    usage: table === null ? null : usageOf(table, { cycle, readings: all }),
    payload: table?.payload ?? null,
    recognized,
    problems,
    windows: windowsOf(all),
    limits: mergeLimits(all),
    invoices: all.map(({ invoice }) => invoice).filter((invoice) => invoice !== undefined),
    disagreements: disagreementsOf(comparable),
  };
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
