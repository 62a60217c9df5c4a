import type { Progress, ProgressFeed } from "../domain/billing/ports.ts";
import { progressText } from "../domain/billing/progress_text.ts";
import type { Log } from "../domain/ports.ts";

/** Every page's fetch is logged, and told to whoever follows. */
export function fetchProgress(log: Log): Progress & ProgressFeed {
  const followers = new Set<Progress>();
  return {
    fetching(progress) {
      const { month, page, pages } = progress;
      log.info("billing.page_fetching", { text: progressText(progress), month: month.toString(), page, pages });
      for (const follower of followers) follower.fetching(progress);
    },
    follow(follower) {
      followers.add(follower);
      return { [Symbol.dispose]: () => void followers.delete(follower) };
    },
  };
}
