import {
  modelMatrix,
  type ModelMonth,
  type ModelSpend,
  modelSpend,
  type MonthlySpend,
  monthlySpend,
  type MonthShare,
  type UserSpend,
  userSpend,
} from "../../domain/billing/analytics/mod.ts";
import { toCents } from "../../domain/money.ts";
import { type BillingData, summaryOf } from "./billing_data.ts";

/** The answers of /api/billing/…, which commands print too. */

/** GET /api/billing/summary; `billing report --json` prints the same. */
export function summaryJson(data: BillingData) {
  const summary = summaryOf(data);
  return {
    total_micros: summary.total,
    total_cents: toCents(summary.total),
    current_month_micros: summary.currentMonth,
    current_month_cents: toCents(summary.currentMonth),
    months_analyzed: summary.monthsAnalyzed,
    costliest_model: summary.costliestModel,
    top_user: summary.topUser,
    excluded: summary.excluded.map(({ reason, events, micros }) => ({
      reason,
      events,
      micros,
      cents: toCents(micros),
    })),
  };
}

/** GET /api/billing/months */
export function monthsJson({ rowsOfAllMonths, allMonths, months }: BillingData) {
  const chosen = new Set(months.map(({ month }) => month));
  const spend = monthlySpend(rowsOfAllMonths, allMonths).filter(({ month }) => chosen.has(month));
  return { months: spend.map(monthJson) };
}

/** GET /api/billing/users */
export function usersJson({ rows, months }: BillingData) {
  return { users: userSpend(rows, months).map(userJson) };
}

/** GET /api/billing/models */
export function modelsJson({ rows, months }: BillingData) {
  return { models: modelSpend(rows, months).map(modelJson) };
}

/** GET /api/billing/matrix */
export function matrixJson({ rows }: BillingData) {
  return { rows: modelMatrix(rows).map(cellJson) };
}

function monthJson({ month, total, change, events, isComplete }: MonthlySpend) {
  return {
    month,
    total_micros: total,
    total_cents: toCents(total),
    delta_micros: change?.delta ?? null,
    delta_cents: toCents(change?.delta ?? null),
    growth_ratio: change?.growthRatio ?? null,
    events,
    complete: isComplete,
  };
}

function userJson({ user, total, requests, average, topModel, months }: UserSpend) {
  return {
    user,
    total_micros: total,
    total_cents: toCents(total),
    requests,
    avg_micros: average,
    avg_cents: toCents(average),
    top_model: topModel,
    months: months.map(shareJson),
  };
}

function modelJson({ model, total, requests, tokens, average, users, months }: ModelSpend) {
  return {
    model,
    total_micros: total,
    total_cents: toCents(total),
    requests,
    tokens,
    avg_micros: average,
    avg_cents: toCents(average),
    users,
    months: months.map(shareJson),
  };
}

function shareJson({ month, micros }: MonthShare) {
  return { month, micros, cents: toCents(micros) };
}

function cellJson({ month, model, micros, tokens, requests }: ModelMonth) {
  return { month, model, micros, cents: toCents(micros), tokens, requests };
}
