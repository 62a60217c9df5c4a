import { AdminClient } from "../adapters/admin_api/client.ts";
import { MonthFolder } from "../adapters/month_files/folder.ts";
import { PageFolder } from "../adapters/month_files/pages.ts";
import { type Progress, type ProgressFeed, progressText } from "../domain/billing/fetch.ts";
import type { MonthFiles } from "../domain/billing/month_files.ts";
import type { Clock } from "../domain/clock.ts";
import type { Config } from "../domain/config.ts";
import type { Log } from "../domain/log.ts";
import type { Stores } from "../domain/stores.ts";
import { billingFetch } from "../jobs/billing_fetch.ts";
import { billingReconcile } from "../jobs/billing_reconcile.ts";
import { billingRollup } from "../jobs/billing_rollup.ts";
import type { Job } from "../jobs/job.ts";
import { join } from "node:path";

/** What the billing jobs are made of. */
export interface BillingParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
}

/** The month files of a data folder. */
export function monthFiles(dataDir: string, log: Log): { months: MonthFiles; pages: PageFolder } {
  const folder = join(dataDir, "monthly_usage_data");
  const pages = new PageFolder(folder);
  return { months: new MonthFolder(folder, { pages, log }), pages };
}

/** Rolling up works for everyone; fetching and reconciling need a key. */
export function billingJobs({ config, clock, log, progress }: BillingParts): Job<Stores>[] {
  const { months, pages } = monthFiles(config.dataDir, log);
  const rollups = (tx: Stores) => tx.rollups;
  const jobs: Job<Stores>[] = [billingRollup({ months, rollups })];
  if (config.apiKey !== null) {
    const { monthsBack, pageSize, requestDelayMs } = config.billing;
    const apiKey = config.apiKey.reveal();
    const api = new AdminClient({ baseUrl: config.adminUrl.href, apiKey, clock, log, requestDelayMs });
    jobs.push(billingFetch({ api, months, pages, clock, progress, monthsBack, pageSize, rollups }));
    jobs.push(billingReconcile({ api, clock, pageSize }));
  }
  return jobs;
}

/** Every page's fetch is logged, and told to whoever follows. */
export function fetchProgress(log: Log): Progress & ProgressFeed {
  const followers = new Set<Progress>();
  return {
    fetching(progress) {
      const { month, page, pages } = progress;
      log.info("billing.page_requested", { text: progressText(progress), month: month.toString(), page, pages });
      for (const follower of followers) follower.fetching(progress);
    },
    follow(follower) {
      followers.add(follower);
      return { [Symbol.dispose]: () => void followers.delete(follower) };
    },
  };
}
