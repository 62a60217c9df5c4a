import { fileMonth, parseFileMonth } from "../../../domain/billing/month.ts";
import type { CliContext } from "../context.ts";
import { type Command, InvalidArgumentError } from "commander";

/** `tracker billing fetch|report|reconcile`. What they work with is loaded when they run: the server starts faster. */
export function billingCommand(program: Command, context: CliContext): void {
  const billing = program.command("billing").description("fetch, report and check the team's on-demand billing");
  billing.command("fetch").description("fetch the newest months' events from the Admin API, and go on where it stopped")
    .option("--months <n>", "how many months, the current one included (default: billing.months_back)", monthCount)
    .option("--force <MM-YYYY>", "fetch this month again even if it is complete; may be repeated", addMonth)
    .option("--json", "print the result as JSON")
    .action(async (options) => (await import("./billing/fetch.ts")).fetchBilling(context, options));
  billing.command("report").description("write the billing dashboard to DATA_DIR as one HTML file")
    .option("--json", "print the summary as JSON, as GET /api/billing/summary answers it")
    .action(async (options) => (await import("./billing/report.ts")).reportBilling(context, options));
  billing.command("reconcile").description("compare the current cycle with what the API says that each member owes")
    .option("--json", "print the comparison as JSON")
    .action(async (options) => (await import("./billing/reconcile.ts")).reconcileBilling(context, options));
}

function monthCount(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 120) throw new InvalidArgumentError("It must be a whole number from 1 to 120.");
  return count;
}

function addMonth(text: string, before: readonly string[] = []): readonly string[] {
  const month = parseFileMonth(text);
  if (month === null) throw new InvalidArgumentError("It must be a month written as MM-YYYY, such as 01-2026.");
  return [...before, fileMonth(month)];
}
