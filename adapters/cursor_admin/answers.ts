import { z } from "zod";
import type { MemberSpend, TeamSpend, UsageEventPage } from "../../domain/billing/ports.ts";
import { readCents, readCount, readInstant } from "../../domain/fields.ts";
import { isJsonObject, type JsonObject } from "../../domain/json.ts";

/** proto-JSON: a number, its text, or nothing at all. */
const loose = z.union([z.number(), z.string(), z.null()]).optional();
const count = loose.transform((value) => readCount(value, "a count"));
const text = z.string().nullish().transform((value) => value?.trim() ?? "");
/** An omitted array is an empty one. Its objects stay as they are, fields that nobody knows included. */
const objects = z.custom<JsonObject[] | null | undefined>(isObjectsOrNothing, "must be a list of objects")
  .optional().transform((list) => list ?? []);

const EventPage = z.object({
  totalUsageEventsCount: count,
  pagination: z.object({ numPages: count, hasNextPage: z.boolean().nullish() }).nullish(),
  usageEvents: objects,
});

const Member = z.object({ userId: loose, email: text, spendCents: loose });

const SpendPage = z.object({
  teamMemberSpend: z.array(Member).nullish().transform((list) => list ?? []),
  subscriptionCycleStart: loose,
  totalPages: count,
});

/** One page of /teams/spend. */
export interface SpendPageAnswer extends TeamSpend {
  readonly pages: number;
}

/** Reads an answer of /teams/filtered-usage-events. @throws ZodError or UnreadableField where it is none. */
export function parseEventPage(body: unknown): UsageEventPage {
  const { totalUsageEventsCount, pagination, usageEvents } = EventPage.parse(recognized(body, EventPage));
  return {
    events: usageEvents,
    // A zero is omitted: without any event there is nothing that could be missing.
    totalEvents: totalUsageEventsCount ?? (usageEvents.length === 0 ? 0 : null),
    pages: pagination?.numPages ?? null,
    // False is omitted too, where there is a pagination at all.
    hasNextPage: pagination ? pagination.hasNextPage ?? false : null,
  };
}

/** Reads an answer of /teams/spend. @throws ZodError or UnreadableField where it is none. */
export function parseSpendPage(body: unknown): SpendPageAnswer {
  const answer = SpendPage.parse(recognized(body, SpendPage));
  return {
    members: answer.teamMemberSpend.map(memberSpend),
    cycleStart: readInstant(answer.subscriptionCycleStart, "subscriptionCycleStart"),
    pages: answer.totalPages ?? 1,
  };
}

function memberSpend(member: z.infer<typeof Member>): MemberSpend {
  const user = member.email === "" ? String(member.userId ?? "(unnamed member)") : member.email.toLowerCase();
  return { user, onDemand: readCents(member.spendCents, "spendCents") };
}

/** One test for the whole list: one for each of a thousand events takes as long as parsing them. */
function isObjectsOrNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.every(isJsonObject));
}

/** An empty answer is one, but an object with nothing but strange fields comes from somewhere else. */
function recognized(body: unknown, schema: z.ZodObject): unknown {
  if (!isJsonObject(body)) return body;
  const fields = Object.keys(body);
  return fields.length === 0 || fields.some((field) => field in schema.shape) ? body : null;
}
