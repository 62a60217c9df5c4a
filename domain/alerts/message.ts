import type { SpendMetric } from "../config.ts";
import { cycleEnd } from "../cycle.ts";
import { costOf } from "../history/figures.ts";
import { formatMicros } from "../money.ts";
import type { AlertNews, Message, MessageDay, MessageFigure } from "../notifications.ts";
import type { Standing } from "../report/standing.ts";

/** What a message is made of beside its news. */
export interface MessageParts {
  readonly messageId: string;
  readonly createdAt: Temporal.Instant;
  /** The current cycle; null before there is one. */
  readonly standing: Standing | null;
  readonly spendMetric: SpendMetric;
  readonly dashboardUrl: string | null;
}

/** A message of these pieces of news, with the figures of the current cycle. */
export function messageOf(news: readonly AlertNews[], parts: MessageParts): Message {
  const { messageId, createdAt, standing, spendMetric, dashboardUrl } = parts;
  const [first] = news;
  const isDigest = news.length > 1;
  return {
    messageId,
    purpose: first === undefined ? "test" : isDigest ? "digest" : first.clearedAt === null ? "opened" : "cleared",
    subject: first === undefined ? "Test" : isDigest ? `${news.length} alerts: ${first.headline}, …` : first.headline,
    news,
    figures: standing === null ? [] : figuresOf(standing, createdAt),
    days: standing === null ? [] : daysOf(standing, spendMetric),
    dashboardUrl,
    createdAt: createdAt.toString(),
  };
}

function figuresOf(standing: Standing, now: Temporal.Instant): MessageFigure[] {
  const { total, budget, projection, pools, snapshot, cycle: { cycle } } = standing;
  const end = cycleEnd(cycle);
  const daysLeft = end === null ? null : Math.max(0, now.until(end).total("hours") / 24);
  const figures = [
    { label: "Cycle", value: `${cycle.start ?? "?"} to ${cycle.end ?? "?"}` },
    { label: "Spent so far", value: total === null ? "unknown" : formatMicros(total) },
    budget === null ? null : { label: "Budget", value: formatMicros(budget.amount) },
    projection.projected === null ? null : { label: "Projected", value: formatMicros(projection.projected) },
    daysLeft === null ? null : { label: "Days left", value: daysLeft.toFixed(1) },
    ...pools.map(({ name, percentUsed }) =>
      percentUsed === null ? null : { label: name, value: `${Math.floor(percentUsed * 10) / 10} %` }
    ),
    { label: "Last checked", value: snapshot.lastCheckedAt.toString({ smallestUnit: "minute" }) },
  ];
  return figures.filter((figure) => figure !== null);
}

function daysOf({ days }: Standing, metric: SpendMetric): MessageDay[] {
  return days.map((day) => (
    { date: day.date.toString(), spendMicros: costOf(day, metric), isEstimated: day.estimated }
  ));
}
