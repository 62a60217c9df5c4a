import type { UsageEventPage } from "./ports.ts";

/** What a page says about those after it. */
export interface Following {
  /** How many pages there are; null where nobody knows. */
  readonly pages: number | null;
  readonly hasNextPage: boolean;
}

/**
 * Whether there is another page after `answer`; `seen` counts the events up to and with it. A page before the last can
 * be short, so where the API does not tell, the total decides. An empty page is the last one, whatever it says.
 */
export function followingPages(
  answer: UsageEventPage,
  { pageSize, seen }: { pageSize: number; seen: number },
): Following {
  const total = answer.totalEvents;
  const pages = answer.pages ?? (total === null ? null : Math.max(1, Math.ceil(total / pageSize)));
  const isMoreToSee = total === null ? answer.events.length === pageSize : seen < total;
  return { pages, hasNextPage: answer.events.length > 0 && (answer.hasNextPage ?? isMoreToSee) };
}
