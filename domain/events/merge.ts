import { kindDetail } from "../readers/kind.ts";
import {
  compareText,
  type CostReading,
  eventIdentity,
  eventKey,
  type KindReading,
  tokenDetail,
  tokensKey,
  type UsageEvent,
  usageEvent,
} from "./event.ts";

/** What a re-read window changes. `before` is one of the objects that were given, so that a store finds its row. */
interface EventChanges {
  readonly added: readonly UsageEvent[];
  readonly updated: readonly { readonly before: UsageEvent; readonly after: UsageEvent }[];
  /** The same figures, read again later: only the times of reading move. */
  readonly confirmed: readonly { readonly before: UsageEvent; readonly after: UsageEvent }[];
  readonly unchanged: readonly UsageEvent[];
}

/** Leftovers of a matching: those that only one side knows. */
interface Sides {
  known: UsageEvent[];
  read: UsageEvent[];
}

/**
 * Merges a window that was read (again) into the events that are known, as multisets: each identity (time, user, model,
 * tokens) is there as often as the window that saw it most often. So equal events stay apart, and reading a window twice
 * doubles nothing. An event whose tokens one reading did not tell is the one with tokens at the same time, user and
 * model. Windows in any order give the same events; `known` may be any superset of what shares a key with the window.
 * `isReplay`: the window is an old reading, read anew with better code, and decides against what that one said before.
 */
export function mergeEvents(
  known: readonly UsageEvent[],
  read: readonly UsageEvent[],
  { isReplay = false }: { isReplay?: boolean } = {},
): EventChanges {
  const groups = new Map<string, Sides>();
  for (const event of known) sidesOf(groups, event).known.push(event);
  for (const event of read) sidesOf(groups, event).read.push(event);
  const added: UsageEvent[] = [];
  const updated: { before: UsageEvent; after: UsageEvent }[] = [];
  const confirmed: { before: UsageEvent; after: UsageEvent }[] = [];
  const unchanged: UsageEvent[] = [];
  for (const group of groups.values()) {
    const pairs: [UsageEvent, UsageEvent][] = [];
    const rest = matchGroup(group, pairs);
    added.push(...rest.read);
    unchanged.push(...rest.known);
    for (const [before, other] of pairs) {
      const after = combine(isReplay ? forgetReading(before, other) : before, other);
      if (!isSameFigures(before, after)) updated.push({ before, after });
      else if (isSameReading(before, after)) unchanged.push(before);
      else confirmed.push({ before, after });
    }
  }
  return { added, updated, confirmed, unchanged };
}

/** All events after the changes. */
export function eventsAfter({ added, updated, confirmed, unchanged }: EventChanges): UsageEvent[] {
  return [...unchanged, ...[...updated, ...confirmed].map(({ after }) => after), ...added];
}

/** The earliest time of the account's own events that are new or have other figures; null where there are none. */
export function changedFrom({ added, updated }: Pick<EventChanges, "added" | "updated">): Temporal.Instant | null {
  const own = [...added, ...updated.map(({ after }) => after)].filter(({ user }) => user === null);
  return earliest(own.map(({ at }) => at));
}

/** The earliest of the moments that are told; null where none is. */
export function earliest(moments: Iterable<Temporal.Instant | null>): Temporal.Instant | null {
  let first: Temporal.Instant | null = null;
  for (const moment of moments) {
    if (moment !== null && (first === null || Temporal.Instant.compare(moment, first) < 0)) first = moment;
  }
  return first;
}

/**
 * Events with their occurrence number, from 1, among those of the same identity. Which of several equal events is the
 * first is decided by what else they say, so that the numbers do not depend on the order in which they were read.
 */
export function numberOccurrences(events: Iterable<UsageEvent>): { event: UsageEvent; occurrence: number }[] {
  const equals = Map.groupBy(events, eventIdentity);
  return [...equals.values()].flatMap((group) => {
    const ordered = group.length === 1 ? group : sortByText(group);
    return ordered.map((event, at) => ({ event, occurrence: at + 1 }));
  });
}

function sortByText(events: readonly UsageEvent[]): UsageEvent[] {
  return events.map((event) => ({ event, text: JSON.stringify(event) }))
    .sort((a, b) => compareText(a.text, b.text)).map(({ event }) => event);
}

function sidesOf(groups: Map<string, Sides>, event: UsageEvent): Sides {
  const key = eventKey(event);
  const sides = groups.get(key) ?? { known: [], read: [] };
  groups.set(key, sides);
  return sides;
}

/**
 * Pairs events of one time, user and model: those that tell the same four counts first, then a bare total with counts
 * that add up to it, then no tokens at all with whatever is left. Answers what has no partner.
 */
function matchGroup(group: Sides, pairs: [UsageEvent, UsageEvent][]): Sides {
  if (group.known.length === 0 || group.read.length === 0) return group;
  const [known, read] = [group.known[0], group.read[0]];
  const isPlain = group.known.length === 1 && group.read.length === 1; // nearly every group of a re-read window
  if (isPlain && known && read && tokensKey(known.tokens) === tokensKey(read.tokens)) {
    pairs.push([known, read]);
    return { known: [], read: [] };
  }
  const rest: Sides = { known: [], read: [] };
  for (const [, sameTotal] of partition(group, ({ tokens }) => String(tokens.total))) {
    const bare = only(sameTotal, "total");
    const parts: Sides = { known: [], read: [] };
    for (const [, equal] of partition(only(sameTotal, "parts"), ({ tokens }) => tokensKey(tokens))) {
      addSides(parts, matchSides(equal, pairs));
    }
    addSides(rest, matchVague(bare, { detailed: parts, pairs }));
  }
  return matchVague(only(group, "none"), { detailed: rest, pairs });
}

/** Pairs the vague ones of each side with the other side's detailed ones, and what is left with each other. */
function matchVague(
  vague: Sides,
  { detailed, pairs }: { detailed: Sides; pairs: [UsageEvent, UsageEvent][] },
): Sides {
  const first = matchSides({ known: vague.known, read: detailed.read }, pairs);
  const second = matchSides({ known: detailed.known, read: vague.read }, pairs);
  const left = matchSides({ known: first.known, read: second.read }, pairs);
  return { known: [...second.known, ...left.known], read: [...first.read, ...left.read] };
}

/** Pairs as many as possible: those with equal costs first, the others in order of cost. */
function matchSides({ known, read }: Sides, pairs: [UsageEvent, UsageEvent][]): Sides {
  const left: Sides = { known: [], read: [...read].sort(byCost) };
  for (const event of [...known].sort(byCost)) {
    const at = left.read.findIndex((other) => byCost(event, other) === 0);
    const [partner] = at < 0 ? [] : left.read.splice(at, 1);
    if (partner === undefined) left.known.push(event);
    else pairs.push([event, partner]);
  }
  const count = Math.min(left.known.length, left.read.length);
  const others = left.read.splice(0, count);
  left.known.splice(0, count).forEach((event, at) => {
    const partner = others[at];
    if (partner !== undefined) pairs.push([event, partner]);
  });
  return left;
}

function partition(sides: Sides, keyOf: (event: UsageEvent) => string): Map<string, Sides> {
  const parts = new Map<string, Sides>();
  for (const side of ["known", "read"] as const) {
    for (const event of sides[side]) {
      const key = keyOf(event);
      const part = parts.get(key) ?? { known: [], read: [] };
      parts.set(key, part);
      part[side].push(event);
    }
  }
  return parts;
}

function only({ known, read }: Sides, detail: ReturnType<typeof tokenDetail>): Sides {
  const has = ({ tokens }: UsageEvent) => tokenDetail(tokens) === detail;
  return { known: known.filter(has), read: read.filter(has) };
}

function addSides(sum: Sides, { known, read }: Sides): void {
  sum.known.push(...known);
  sum.read.push(...read);
}

/** One event of two readings of it. The order of the two does not matter. */
function combine(a: UsageEvent, b: UsageEvent): UsageEvent {
  const detail = { none: 0, total: 1, parts: 2 };
  const tokens = detail[tokenDetail(a.tokens)] >= detail[tokenDetail(b.tokens)] ? a.tokens : b.tokens;
  return usageEvent({
    at: a.at,
    user: a.user,
    model: a.model,
    tokens,
    kind: compareKinds(a.kind, b.kind) >= 0 ? a.kind : b.kind,
    cost: compareCosts(a.cost, b.cost) >= 0 ? a.cost : b.cost,
    saidIncluded: a.saidIncluded || b.saidIncluded,
    requests: larger(a.requests, b.requests),
    maxMode: a.maxMode === null || b.maxMode === null ? a.maxMode ?? b.maxMode : a.maxMode || b.maxMode,
  });
}

/** The event with kind and cost of the other reading where its own are of the same one, read with older code. */
function forgetReading(event: UsageEvent, again: UsageEvent): UsageEvent {
  const isSameCost = event.cost.source === again.cost.source && event.cost.readAt.equals(again.cost.readAt);
  const isSameKind = event.kind.readAt.equals(again.kind.readAt);
  if (!isSameCost && !isSameKind) return event;
  return usageEvent({
    ...event,
    kind: isSameKind ? again.kind : event.kind,
    cost: isSameCost ? again.cost : event.cost,
  });
}

/** A known cost before an unknown one, the JSON's exact amount before the CSV's rounded one, then the later reading. */
function compareCosts(a: CostReading, b: CostReading): number {
  const known = (cost: CostReading) => Number(cost.api !== null) + Number(cost.stated !== null);
  const exact = (cost: CostReading) => Number(cost.source !== "csv");
  return known(a) - known(b) || exact(a) - exact(b) || Temporal.Instant.compare(a.readAt, b.readAt) ||
    (a.api ?? -1) - (b.api ?? -1) || (a.stated ?? -1) - (b.stated ?? -1) || compareText(a.source, b.source);
}

/** A kind that we know before one that we don't, then the later reading, then the one that tells more. */
function compareKinds(a: KindReading, b: KindReading): number {
  const known = ({ kind }: KindReading) => Math.min(kindDetail(kind), 2);
  return known(a) - known(b) || Temporal.Instant.compare(a.readAt, b.readAt) ||
    kindDetail(a.kind) - kindDetail(b.kind) || compareText(a.kind, b.kind) || compareText(a.text, b.text);
}

function byCost(a: UsageEvent, b: UsageEvent): number {
  return (a.cost.api ?? -1) - (b.cost.api ?? -1) || (a.cost.stated ?? -1) - (b.cost.stated ?? -1);
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? a ?? b : Math.max(a, b);
}

function isSameFigures(a: UsageEvent, b: UsageEvent): boolean {
  return tokensKey(a.tokens) === tokensKey(b.tokens) && a.kind.kind === b.kind.kind && a.kind.text === b.kind.text &&
    byCost(a, b) === 0 && a.cost.source === b.cost.source && a.saidIncluded === b.saidIncluded &&
    a.requests === b.requests && a.maxMode === b.maxMode;
}

function isSameReading(a: UsageEvent, b: UsageEvent): boolean {
  return a.kind.readAt.equals(b.kind.readAt) && a.cost.readAt.equals(b.cost.readAt);
}
