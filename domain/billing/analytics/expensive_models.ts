import type { Micros } from "../../money.ts";
import type { RollupRow } from "../aggregate.ts";
import { averageMicros, byText, rowsBy, type Total, totalOf, totalsBy } from "./totals.ts";

/** A user's part in an expensive model. */
export interface ExpensiveModelUser {
  readonly user: string;
  readonly micros: Micros;
  readonly requests: number;
  /** Share of the user's own requests that went to this model, 0 to 1. */
  readonly requestShare: number;
}

/** A model whose average request costs more than the average request of the team. */
export interface ExpensiveModel {
  readonly model: string;
  readonly total: Micros;
  readonly average: Micros | null;
  /** Top spender on this model first. */
  readonly users: readonly ExpensiveModelUser[];
}

/** How a user chooses between expensive and cheaper models. */
export interface ModelChoice {
  readonly user: string;
  readonly requests: number;
  /** Share of the requests that went to expensive models, 0 to 1. */
  readonly expensiveShare: number;
  /** What went to expensive models. */
  readonly expensiveMicros: Micros;
  /** Nearly every request, of enough to tell, went to an expensive model. */
  readonly isAlwaysExpensive: boolean;
}

/** From which share on a user picks expensive models "always". */
const ALWAYS_SHARE = 0.8;
/** Fewer requests are no habit. */
const MIN_REQUESTS = 5;

/** Expensive models, the costliest per request first. None where only one model was used: there is nothing cheaper. */
export function expensiveModels(rows: readonly RollupRow[]): ExpensiveModel[] {
  const requestsOfUser = totalsBy(rows, (row) => row.user);
  const expensive = expensiveNames(rows);
  return [...rowsBy(rows.filter((row) => expensive.has(row.model)), (row) => row.model)]
    .map(([model, own]) => ({ model, own, sum: totalOf(own) }))
    .sort((a, b) => compareAverages(b.sum, a.sum) || byText(a.model, b.model))
    .map(({ model, own, sum }) => ({
      model,
      total: sum.micros,
      average: averageMicros(sum),
      users: usersOf(own, requestsOfUser),
    }));
}

/** How each user chooses: the largest share of expensive requests first, then by what it cost. */
export function modelChoices(rows: readonly RollupRow[]): ModelChoice[] {
  const expensive = expensiveNames(rows);
  return [...rowsBy(rows, (row) => row.user)].map(([user, own]) => {
    const all = totalOf(own);
    const costly = totalOf(own.filter((row) => expensive.has(row.model)));
    const expensiveShare = share(costly.requests, all.requests);
    return {
      user,
      requests: all.requests,
      expensiveShare,
      expensiveMicros: costly.micros,
      isAlwaysExpensive: expensiveShare >= ALWAYS_SHARE && all.requests >= MIN_REQUESTS,
    };
  }).sort((a, b) =>
    b.expensiveShare - a.expensiveShare || b.expensiveMicros - a.expensiveMicros || byText(a.user, b.user)
  );
}

function expensiveNames(rows: readonly RollupRow[]): Set<string> {
  const team = totalOf(rows);
  const models = [...totalsBy(rows, (row) => row.model)];
  return new Set(models.filter(([, total]) => compareAverages(total, team) > 0).map(([model]) => model));
}

function usersOf(rows: readonly RollupRow[], requestsOfUser: ReadonlyMap<string, Total>): ExpensiveModelUser[] {
  return [...totalsBy(rows, (row) => row.user)].map(([user, { micros, requests }]) => (
    { user, micros, requests, requestShare: share(requests, requestsOfUser.get(user)?.requests ?? 0) }
  )).sort((a, b) => b.micros - a.micros || byText(a.user, b.user));
}

/** Compares a.micros / a.requests with b's without rounding either. */
function compareAverages(a: Total, b: Total): number {
  const difference = BigInt(a.micros) * BigInt(b.requests) - BigInt(b.micros) * BigInt(a.requests);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
