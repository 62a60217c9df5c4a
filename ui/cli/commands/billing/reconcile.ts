import { BILLING_RECONCILE } from "../../../../domain/billing/fetch.ts";
import { formatMicros, type Micros, micros, sumMicros, ZERO } from "../../../../domain/money.ts";
import { manualKey } from "../../../../domain/runs/run.ts";
import { formatMoment } from "../../../words/format.ts";
import type { CliContext } from "../../context.ts";
import { type CommonOptions, formatTable, outputOf, withProgress, writeJson } from "../../output.ts";
import { requireKey } from "./fetch.ts";
import { z } from "zod";

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
    const key = manualKey(clock.now());
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

/** One member's current cycle, as the job answers it. */
export interface ComparedMember {
  readonly user: string;
  readonly reported_micros: Micros | null;
  readonly counted_micros: Micros;
  readonly difference_micros: Micros | null;
  readonly explanations: readonly { readonly micros: Micros; readonly cause: string; readonly text: string }[];
}

const HEADINGS = ["member", "reported", "counted", "difference", "because"];
/** Causes that are named for want of a better one. */
const UNCERTAIN = new Set(["late_rows", "unexplained"]);

/** What a person reads: a sentence that sums up, what the columns mean, and a line for each cause. */
export function reconcileText(members: readonly ComparedMember[], { since }: { since: string }): string {
  const head = `Cycle since ${since}\n`;
  if (members.length === 0) return `${head}There is neither a member nor an event in it.\n`;
  const table = formatTable(HEADINGS, [...members.flatMap(memberRows), totalRow(members)], { right: [1, 2, 3] });
  return `${head}${summary(members)}\n\n${table}\n` +
    "reported: what Cursor says that the member owes; counted: what the billed events add up to.\n";
}

function summary(members: readonly ComparedMember[]): string {
  const compared = members.filter((member) => member.difference_micros !== null);
  const differing = compared.filter((member) => member.difference_micros !== 0);
  if (compared.length === 0) return "No amount is reported for anybody: there is nothing to compare.";
  if (differing.length === 0) return `All ${compared.length} reported amounts agree with the events to the cent.`;
  const open = differing.filter(({ explanations }) => explanations.some(({ cause }) => UNCERTAIN.has(cause)));
  const first = `${differing.length} of ${compared.length} reported amounts differ from the events`;
  return open.length === 0 ? `${first}, each for a known cause.` : `${first}, ${open.length} without a certain cause.`;
}

/** The member's figures beside the first cause, and a line for each further one. */
function memberRows({ user, reported_micros, counted_micros, difference_micros, explanations }: ComparedMember) {
  const causes = explanations.map(({ micros, text }) => `${signed(micros)} ${text}`);
  const [first = reported_micros === null ? "no amount is reported for this name" : "", ...others] = causes;
  const figures = [formatMicros(reported_micros), formatMicros(counted_micros), signed(difference_micros)];
  return [[user, ...figures, first], ...others.map((cause) => ["", "", "", "", cause])];
}

/** Of those that can be compared, so that the figures of the row belong together. */
function totalRow(members: readonly ComparedMember[]): string[] {
  const compared = members.filter((member) => member.difference_micros !== null);
  const sum = (amounts: (Micros | null)[]) => sumMicros(amounts) ?? ZERO;
  return [
    "Total compared",
    formatMicros(sum(compared.map((member) => member.reported_micros))),
    formatMicros(sum(compared.map((member) => member.counted_micros))),
    signed(sum(compared.map((member) => member.difference_micros))),
    "",
  ];
}

function signed(amount: Micros | null): string {
  return amount !== null && amount > 0 ? `+${formatMicros(amount)}` : formatMicros(amount);
}
