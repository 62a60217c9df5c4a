import { tryRead } from "../fields.ts";
import type { JsonObject } from "../json.ts";
import { type Micros, micros, sumMicros, ZERO } from "../money.ts";
import { discountOf, feeOf, timeOf } from "../readers/event.ts";
import type { MemberSpend } from "./admin_api.ts";
import { billableOf, type Exclusion, EXCLUSIONS, userOf } from "./billable.ts";

/** What a difference between the API's spend and the events' sum can come from. */
type DifferenceCause =
  | { readonly kind: "fee" | "discount" | "cycle_boundary" | "late_rows" | "rounding" | "unexplained" }
  | { readonly kind: "excluded"; readonly reason: Exclusion };

/** A part of a difference. */
interface Explanation {
  readonly cause: DifferenceCause;
  readonly micros: Micros;
  readonly text: string;
}

/** One member's current cycle by both ways of counting. */
export interface Reconciliation {
  readonly user: string;
  /** What /teams/spend says; null where the user is no member or no amount is told. */
  readonly reported: Micros | null;
  /** What the billed events of the cycle add up to. */
  readonly counted: Micros;
  /** reported − counted; null where one of them is unknown. */
  readonly difference: Micros | null;
  /** They add up to the difference. Empty where there is none. */
  readonly explanations: readonly Explanation[];
}

interface UserTally {
  billed: number;
  fees: number;
  discounts: number;
  beforeCycle: number;
  excluded: Map<Exclusion, number>;
}

/** Below one cent it is the rounding of a float. */
const ROUNDING_MICROS = 10_000;

/** Adds up, per user, what the events of a cycle say; the events before it tell what another boundary would change. */
export class CycleTally {
  readonly #cycleStartMs: number;
  readonly #users = new Map<string, UserTally>();

  constructor(cycleStart: Temporal.Instant) {
    this.#cycleStartMs = cycleStart.epochMilliseconds;
  }

  add(event: JsonObject): void {
    const tally = this.#tallyOf(userOf(event));
    const verdict = billableOf(event);
    const isBeforeCycle = (tryRead(() => timeOf(event))?.epochMilliseconds ?? Infinity) < this.#cycleStartMs;
    if (verdict.isBilled) {
      if (isBeforeCycle) {
        tally.beforeCycle += verdict.amount;
        return;
      }
      tally.billed += verdict.amount;
      tally.fees += tryRead(() => feeOf(event)) ?? 0;
      tally.discounts += tryRead(() => discountOf(event)) ?? 0;
    } else if (verdict.amount !== null && !isBeforeCycle) {
      tally.excluded.set(verdict.reason, (tally.excluded.get(verdict.reason) ?? 0) + verdict.amount);
    }
  }

  /** Every member and every user of an event, by name. */
  compare(members: readonly MemberSpend[]): Reconciliation[] {
    const spend = new Map(members.map((member) => [member.user, member.onDemand]));
    const users = new Set([...spend.keys(), ...this.#users.keys()]);
    return [...users].sort().map((user) =>
      reconcile(user, spend.get(user) ?? null, this.#users.get(user) ?? noTally())
    );
  }

  #tallyOf(user: string): UserTally {
    let tally = this.#users.get(user);
    if (tally === undefined) this.#users.set(user, tally = noTally());
    return tally;
  }
}

function reconcile(user: string, reported: Micros | null, tally: UserTally): Reconciliation {
  const counted = micros(tally.billed);
  if (reported === null) return { user, reported, counted, difference: null, explanations: [] };
  const difference = micros(reported - counted);
  return { user, reported, counted, difference, explanations: explain(difference, candidatesOf(tally)) };
}

/** What each cause alone would make the difference be. */
function candidatesOf(tally: UserTally): Explanation[] {
  const candidates: Explanation[] = [
    { cause: { kind: "fee" }, micros: micros(-tally.fees), text: "the spend leaves Cursor's token fee out" },
    { cause: { kind: "discount" }, micros: micros(tally.discounts), text: "the spend is before discounts" },
    {
      cause: { kind: "cycle_boundary" },
      micros: micros(tally.beforeCycle),
      text: "the spend counts events of this month from before the cycle's start",
    },
  ];
  for (const [reason, amount] of tally.excluded) {
    const text = `the spend counts events ${EXCLUSIONS[reason]}`;
    candidates.push({ cause: { kind: "excluded", reason }, micros: micros(amount), text });
  }
  return candidates.filter((candidate) => candidate.micros !== 0);
}

/** The fewest causes that explain the difference to the cent; failing that, its sign tells what is likely. */
function explain(difference: Micros, candidates: readonly Explanation[]): Explanation[] {
  if (difference === 0) return [];
  const causes = smallestSubset(difference, candidates);
  const rest = micros(difference - (sumMicros((causes ?? []).map((cause) => cause.micros)) ?? ZERO));
  return rest === 0 ? causes ?? [] : [...causes ?? [], restOf(rest)];
}

function restOf(rest: Micros): Explanation {
  if (Math.abs(rest) < ROUNDING_MICROS) {
    return { cause: { kind: "rounding" }, micros: rest, text: "fractions of a cent" };
  }
  return rest > 0
    ? {
      cause: { kind: "late_rows" },
      micros: rest,
      text: "probably events that have not arrived yet: they take up to 48 hours",
    }
    : {
      cause: { kind: "unexplained" },
      micros: rest,
      text: "not explained: the events come to more than the spend, which may be brought up to date later",
    };
}

/** Null where no subset comes within a cent. There are at most 14 candidates, so all subsets can be tried. */
function smallestSubset(difference: Micros, candidates: readonly Explanation[]): Explanation[] | null {
  let best: Explanation[] | null = null;
  for (let bits = 0; bits < 2 ** candidates.length; bits++) {
    const subset = candidates.filter((_, index) => (bits >> index & 1) === 1);
    const sum = subset.reduce((total, { micros }) => total + micros, 0);
    const isClose = Math.abs(difference - sum) < ROUNDING_MICROS;
    if (isClose && (best === null || subset.length < best.length)) best = subset;
  }
  return best;
}

function noTally(): UserTally {
  return { billed: 0, fees: 0, discounts: 0, beforeCycle: 0, excluded: new Map() };
}
