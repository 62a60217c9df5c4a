import { type Command, Option } from "commander";
import { parseFileMonth } from "../../../domain/billing/month.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { EXPORT_FORMATS, exportBilling } from "../billing/export.ts";
import type { CliContext } from "../context.ts";

/** `tracker export billing`: added to the `export` command. */
export function exportBillingCommand(group: Command, context: CliContext): void {
  group.command("billing").description("write the billed events of the month files, one a row")
    .addOption(new Option("--format <format>", "how they are written").choices(EXPORT_FORMATS).default("csv"))
    .option("--month <MM-YYYY>", "only this month", monthOf)
    .option(
      "--output <path>",
      "a file, or for parquet a folder (default: standard output; for parquet DATA_DIR/export)",
    )
    .option("--json", "the same as --format json; with --output: print as JSON what was written")
    .action((options) => exportBilling(context, options));
}

function monthOf(text: string): Temporal.PlainYearMonth {
  const month = parseFileMonth(text);
  if (month !== null) return month;
  throw new TrackerError(`A month must be written as MM-YYYY: current value is "${text}"`, {
    hint: "For example: tracker export billing --month 01-2026",
    exitCode: 2,
  });
}
