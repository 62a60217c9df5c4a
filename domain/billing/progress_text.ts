import { monthName } from "./month.ts";
import type { FetchProgress } from "./ports.ts";

/** "Fetching page 3/12 for January 2026…"; without the 12 as long as it is not known. */
export function progressText({ month, page, pages }: FetchProgress): string {
  return `Fetching page ${pages === null ? page : `${page}/${pages}`} for ${monthName(month)}…`;
}
