import type { JsonObject } from "../json.ts";
import type { Micros } from "../money.ts";
import type { Window } from "./month.ts";

/** One page of the events in a window. */
export interface UsageEventQuery extends Window {
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

/** What the API answered. Events are raw: fields that nobody knows yet stay in them. */
export interface UsageEventPage {
  readonly events: readonly JsonObject[];
  /** How many events the whole window holds; null where the API does not tell. */
  readonly totalEvents: number | null;
  /** How many pages there are; null where the API does not tell. */
  readonly pages: number | null;
  /** Null where the API does not tell. */
  readonly hasNextPage: boolean | null;
}

/** What the API says that a member owes for the current cycle. */
export interface MemberSpend {
  /** E-mail in lower case; the user id where there is none. */
  readonly user: string;
  /** On-demand only; null where it is not told. */
  readonly onDemand: Micros | null;
}

/** The team's spend in the current cycle. */
export interface TeamSpend {
  readonly cycleStart: Temporal.Instant | null;
  readonly members: readonly MemberSpend[];
}

/** The Admin API. Retries by itself what can pass; throws TrackerError for the rest. */
export interface AdminApi {
  usageEvents(query: UsageEventQuery, options: { signal: AbortSignal }): Promise<UsageEventPage>;
  teamSpend(options: { signal: AbortSignal }): Promise<TeamSpend>;
}

/** What a page says about those after it. */
interface Following {
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
