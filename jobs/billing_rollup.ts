import { BILLING_ROLLUP } from "../domain/billing/fetch.ts";
import { Ledger } from "../domain/billing/ledger.ts";
import { fileMonth } from "../domain/billing/month.ts";
import type { MonthFile, MonthFiles } from "../domain/billing/month_files.ts";
import { MonthAggregator, type Rollup, type RollupStore } from "../domain/billing/rollup.ts";
import { TrackerError } from "../domain/errors.ts";
import type { Job, RunContext } from "./job.ts";

/** What rolling up works with. */
export interface RollupDeps<Tx> {
  readonly months: MonthFiles;
  /** The rollups of a transaction. */
  readonly rollups: (tx: Tx) => RollupStore;
}

const HOUR_MS = 60 * 60 * 1000;

/**
 * Rolls up every month file that is new or has changed since it was rolled up, whoever wrote it. It needs no key: a folder
 * that another tool filled becomes a report too. A month whose file is gone stays as it is known.
 */
export function billingRollup<Tx>(deps: RollupDeps<Tx>): Job<Tx> {
  return {
    name: BILLING_ROLLUP,
    timeoutMs: 24 * HOUR_MS,
    async run(context) {
      const known = await knownFiles(context, deps);
      const changed = await context.step("find changed files", async ({ signal }) => {
        const changed: string[] = [];
        for (const month of await deps.months.list()) {
          const knownFileId = known[month.toString()];
          const file = await inspectMonth(deps.months, { month, knownFileId, signal });
          if (file !== null && file.fileId !== knownFileId) changed.push(month.toString());
        }
        return changed;
      }, { timeoutMs: HOUR_MS });
      for (const month of changed) await rollUp(context, deps, Temporal.PlainYearMonth.from(month));
      return { rolled_up: changed };
    },
  };
}

/** Which file each month, such as "2026-01", was rolled up from. */
export function knownFiles<Tx>(context: RunContext<Tx>, deps: RollupDeps<Tx>): Promise<Record<string, string>> {
  return context.commit("list rollups", (tx) => {
    return Object.fromEntries(deps.rollups(tx).months().map(({ month, fileId }) => [month, fileId]));
  });
}

/** A file that was rolled up once is whole; one that nobody has read yet is read to its end. */
export async function inspectMonth(
  files: MonthFiles,
  { month, knownFileId, signal }: {
    month: Temporal.PlainYearMonth;
    knownFileId: string | undefined;
    signal: AbortSignal;
  },
): Promise<MonthFile | null> {
  const file = await files.inspect(month, { isThorough: false, signal });
  return file === null || file.fileId === knownFileId ? file : await files.inspect(month, { isThorough: true, signal });
}

/** Reads the month's file once, and replaces what the store knows of the month. */
export async function rollUp<Tx>(
  context: RunContext<Tx>,
  deps: RollupDeps<Tx>,
  month: Temporal.PlainYearMonth,
): Promise<void> {
  await context.stepAndSave(
    `roll up ${fileMonth(month)}`,
    async ({ signal }) => {
      const file = await deps.months.inspect(month, { isThorough: false, signal });
      if (file === null) throw new TrackerError(`Cannot roll ${fileMonth(month)} up as its file is gone`);
      return { file, rollup: await rollupOf(deps.months, file, signal) };
    },
    (tx, rolledUp) => {
      saveRollup(deps.rollups(tx), rolledUp);
      return { rows: rolledUp.rollup.rows.length };
    },
    { timeoutMs: HOUR_MS },
  );
}

/** Replaces what the store knows of the file's month. */
export function saveRollup(rollups: RollupStore, { file, rollup }: { file: MonthFile; rollup: Rollup }): void {
  const { month, fileId, fetchedAt, isComplete } = file;
  rollups.replace({ month: month.toString(), fileId, fetchedAt, isComplete }, rollup);
}

/** The rollup of a month's file; its ledger is what the file says was left out, and what is found in it besides. */
export async function rollupOf(files: MonthFiles, file: MonthFile, signal: AbortSignal): Promise<Rollup> {
  const aggregator = new MonthAggregator(file.month);
  for await (const events of files.events(file.month, { signal })) {
    for (const event of events) aggregator.add(event);
  }
  const rollup = aggregator.result();
  const ledger = new Ledger();
  for (const entry of [...file.excluded, ...rollup.excluded]) ledger.add(entry);
  return { ...rollup, excluded: ledger.entries() };
}
