import type { PriceAnomaly, SpendAnomaly } from "../domain/anomalies.ts";
import type { SpendMetric } from "../domain/config.ts";
import { type Micros, toCents } from "../domain/money.ts";
import type { MethodChoice } from "../domain/projection/choose_method.ts";
import type { RunOut } from "../domain/projection/run_out.ts";
import type { PoolStanding, Standing, Today } from "../domain/report/standing.ts";

/** The summary of a cycle, the same for /api/summary and `status --json`. Without figures everything is unknown. */
export function summaryJson(
  standing: Standing | null,
  { metric, choice }: { metric: SpendMetric; choice: MethodChoice },
) {
  const projection = standing?.projection ?? null;
  return {
    cycle: standing?.cycle.key.toString() ?? null,
    as_of: standing?.asOf.toString({ smallestUnit: "second" }) ?? null,
    stale: standing?.isStale ?? true,
    spend_metric: metric,
    cost_basis: standing?.costBasis ?? "unknown" as const,
    cost_bases: [...standing?.spend.bases ?? []],
    spend_cents: toCents(standing?.total ?? null),
    spend_micros: standing?.total ?? null,
    known_spend_cents: toCents(standing?.spend.known ?? null),
    known_spend_micros: standing?.spend.known ?? null,
    unknown_models: [...standing?.spend.unknownModels ?? []],
    budget_cents: toCents(standing?.budget?.amount ?? null),
    budget_micros: standing?.budget?.amount ?? null,
    projection: {
      method: projection?.method ?? choice.method,
      method_reason: choice.reason,
      ...money("projected", projection?.projected),
      ...money("linear", projection?.linear),
      ...money("ewma", projection?.ewma),
      ...money("low", projection?.low),
      ...money("high", projection?.high),
      ...money("per_day", projection?.perDay),
      budget_run_out: momentOf(projection?.budgetRunOut),
      budget_outlook: projection?.budgetRunOut.kind ?? "unknown" as const,
    },
    status: projection?.status ?? "unknown" as const,
    today: todayJson(standing?.today ?? null),
    pools: (standing?.pools ?? []).map(poolJson),
    anomalies: (standing?.anomalies ?? []).map(anomalyJson),
  };
}

function todayJson(today: Today | null) {
  if (today === null) return null;
  return { date: today.date.toString(), ...money("spend", today.spend), ...money("usual_day", today.usual) };
}

function poolJson({ name, percentUsed, used, runOut }: PoolStanding) {
  return {
    name,
    percent_used: percentUsed,
    used_cents: toCents(used),
    projected_run_out: momentOf(runOut),
    outlook: runOut.kind,
  };
}

function anomalyJson(anomaly: SpendAnomaly | PriceAnomaly) {
  const { kind, date, cause } = anomaly;
  const isPrice = anomaly.kind === "unit_price";
  return {
    kind,
    date: date.toString(),
    model: cause.model,
    share_of_day: cause.share,
    hour: cause.hour,
    value_micros: isPrice ? anomaly.price : anomaly.spend,
    usual_micros: anomaly.usual,
    score: isPrice ? null : anomaly.score,
    factor: isPrice ? anomaly.factor : null,
  };
}

/** An amount as cents and as micro-dollars. */
function money<Name extends string>(name: Name, amount: Micros | null | undefined) {
  const known = amount ?? null;
  return { [`${name}_cents`]: toCents(known), [`${name}_micros`]: known } as
    & Record<`${Name}_cents`, number | null>
    & Record<`${Name}_micros`, number | null>;
}

function momentOf(runOut: RunOut | undefined): string | null {
  return runOut?.kind === "at" ? runOut.at.toString({ smallestUnit: "second" }) : null;
}
