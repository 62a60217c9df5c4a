import { z } from "zod";
import { BILLING_RECONCILE } from "../../../domain/billing/jobs.ts";
import { micros } from "../../../domain/money.ts";
import { formatMoment } from "../../web/format.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, withProgress, writeJson } from "../output.ts";
import { outputOf } from "../run_end.ts";
import { reconcileText } from "./reconcile_text.ts";
import { requireKey } from "./require_key.ts";

const money = z.number().int().transform(micros);
const comparison = z.object({
  cycle_start: z.string(),
  members: z.array(z.object({
    user: z.string(),
    reported_micros: money.nullable(),
    counted_micros: money,
    difference_micros: money.nullable(),
    explanations: z.array(z.object({ cause: z.string(), micros: money, text: z.string() })),
  })),
});

/** `tracker billing reconcile`. @throws TrackerError where the API refuses or cannot be reached. */
export async function reconcileBilling(context: CliContext, { json = false }: CommonOptions): Promise<void> {
  requireKey(context.config());
  await context.withServices({ echo: "warn" }, async ({ runs, clock, config }) => {
    const key = `manual:${clock.now().toString({ smallestUnit: "millisecond" })}`;
    const run = await withProgress(
      context.terminal,
      { doing: "Comparing the current cycle with the Admin API", done: () => "Compared" },
      () => runs.run(BILLING_RECONCILE, key, null),
    );
    const output = outputOf(run);
    const { cycle_start, members } = comparison.parse(output);
    if (json) return writeJson(context.terminal, output);
    const since = formatMoment(Temporal.Instant.from(cycle_start), config.timeZone);
    context.terminal.write(reconcileText(members, { since }));
  });
}
