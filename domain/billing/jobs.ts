/** Names of the billing jobs, as runs, schedules and logs have them. */
export const BILLING_FETCH = "billing-fetch";
export const BILLING_ROLLUP = "billing-rollup";
export const BILLING_RECONCILE = "billing-reconcile";
