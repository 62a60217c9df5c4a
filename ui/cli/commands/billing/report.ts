import { BILLING_ROLLUP } from "../../../../domain/billing/fetch.ts";
import { formatMicros, micros } from "../../../../domain/money.ts";
import { manualKey } from "../../../../domain/runs/run.ts";
import { billingSummaryJson } from "../../../api/billing.ts";
import { reportHtml } from "../../../billing/report.tsx";
import { readBilling } from "../../../billing/view.ts";
import { counted } from "../../../words/format.ts";
import { modelColors } from "../../../words/model_colors.ts";
import type { CliContext } from "../../context.ts";
import { type CommonOptions, outputOf, writeJson } from "../../output.ts";

/** `tracker billing report`: rolls up what is new in the folder, and writes the report. It needs no key. */
export async function reportBilling(context: CliContext, { json = false }: CommonOptions): Promise<void> {
  const { terminal } = context;
  await context.withServices({ echo: "warn" }, async (services) => {
    const { runs, clock, config } = services;
    const now = clock.now();
    await runs.resume(BILLING_ROLLUP);
    outputOf(await runs.run(BILLING_ROLLUP, manualKey(now), null));
    const data = readBilling(services);
    const path = `${config.dataDir}/${config.billing.outputFilename}`;
    await context.replaceFile(
      path,
      reportHtml(data, {
        now,
        timeZone: config.timeZone,
        topUsers: config.billing.topSpendersCount,
        colorOf: modelColors(services),
      }),
    );
    const summary = billingSummaryJson(data);
    if (json) {
      writeJson(terminal, summary);
    } else {
      const months = counted(summary.months_analyzed, "month");
      terminal.write(`${formatMicros(micros(summary.total_micros))} on demand in ${months}.\n`);
      terminal.write(`Report: ${path}\n`);
    }
    if (summary.months_analyzed === 0) {
      terminal.writeError("There is no month yet.\nTry:   Fetch some with 'tracker billing fetch'.\n");
    }
  });
}
