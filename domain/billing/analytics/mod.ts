export { type BillingSummary, billingSummary } from "./summary.ts";
export {
  type ExpensiveModel,
  expensiveModels,
  type ExpensiveModelUser,
  type ModelChoice,
  modelChoices,
} from "./expensive_models.ts";
export { type ModelSpend, modelSpend } from "./models.ts";
export {
  type AnalyzedMonth,
  type Change,
  modelMatrix,
  type ModelMonth,
  type MonthlySpend,
  monthlySpend,
  type MonthShare,
  type Trend,
  userMatrix,
  type UserMonth,
} from "./months.ts";
export { type UserSpend, userSpend } from "./users.ts";
