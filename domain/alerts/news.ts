import type { SpendMetric } from "../config.ts";
import { cycleEnd } from "../cycle.ts";
import { costOf } from "../history/figures.ts";
import { formatMicros } from "../money.ts";
import type { Standing } from "../report/standing.ts";
import type { Alert } from "./alert.ts";
import type { AlertNews, Message, MessageDay, MessageFigure, Notice } from "./notification.ts";
import type { AlertRule } from "./rule.ts";
import { ALERT_RULES, ruleOf } from "./rules.ts";

/** An alert, and what is told of it. */
export interface Told {
  readonly alert: Alert;
  readonly purpose: Notice["purpose"];
}

/** What a message says of the alerts: what opened first, each oldest first. */
export function newsOf(all: readonly Told[], rules: readonly AlertRule[] = ALERT_RULES): AlertNews[] {
  const told = ["opened", "cleared"].flatMap((purpose) =>
    all.filter((one) => one.purpose === purpose).sort((a, b) => a.alert.id - b.alert.id)
  );
  const groupOf = (one: Told) => {
    const isShared = one.purpose === "opened" && ruleOf(one.alert.kind, rules).isOneNews === true;
    return isShared ? one.alert.kind : one;
  };
  return [...Map.groupBy(told, groupOf).values()].map((group) => newsOfGroup(group, rules));
}

/** What an alert says in one line, by itself: "Spend passed $10.00". */
export function headlineOf(alert: Alert, rules: readonly AlertRule[] = ALERT_RULES): string {
  return ruleOf(alert.kind, rules).opened([alert]);
}

function newsOfGroup(group: readonly Told[], rules: readonly AlertRule[]): AlertNews {
  const alerts = group.map(({ alert }) => alert);
  const [first] = group;
  const kind = first?.alert.kind ?? "";
  const isOpen = first?.purpose === "opened";
  const newest = alerts.map(({ triggeredAt }) => triggeredAt).toSorted(Temporal.Instant.compare).at(-1);
  const reason = [...new Set(alerts.map(({ details }) => details))].join("\n");
  const rule = ruleOf(kind, rules);
  return {
    kind,
    headline: isOpen ? rule.opened(alerts) : rule.cleared,
    reason: isOpen ? reason : `It was: ${reason}`,
    triggeredAt: newest?.toString() ?? "",
    clearedAt: isOpen ? null : first?.alert.clearedAt?.toString() ?? null,
  };
}

/** What a message is made of beside its news. */
interface MessageParts {
  readonly messageId: string;
  readonly createdAt: Temporal.Instant;
  /** The current cycle; null before there is one. */
  readonly standing: Standing | null;
  readonly spendMetric: SpendMetric;
  readonly dashboardUrl: string | null;
}

/** A message of these pieces of news, with the figures of the current cycle. */
export function alertMessage(news: readonly AlertNews[], parts: MessageParts): Message {
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
