import type { SpendMetric } from "../config.ts";
import { cycleEnd } from "../cycle.ts";
import { costOf } from "../history/figures.ts";
import { formatMicros } from "../money.ts";
import type { Standing } from "../report/standing.ts";
import type { Alert, AlertKind } from "./alert.ts";
import type { AlertNews, Message, MessageDay, MessageFigure, Notice } from "./notification.ts";
import { markLabel } from "./rules/threshold_hit.ts";

/** An alert, and what is told of it. */
export interface Told {
  readonly alert: Alert;
  readonly purpose: Notice["purpose"];
}

const OPENED: Readonly<Record<Exclude<AlertKind, "threshold_hit">, string>> = {
  projection_overrun: "The projection is over the budget",
  scrape_error: "The usage page cannot be read",
  no_data_24h: "No new figures for 24 hours",
  on_demand_started: "On-demand usage has started",
  anomaly: "Unusual usage",
  schema_drift: "Cursor no longer sends a figure",
};

const CLEARED: Readonly<Record<AlertKind, string>> = {
  threshold_hit: "Usage is below the threshold again",
  projection_overrun: "The projection is back under 95 % of the budget",
  scrape_error: "The usage page can be read again",
  no_data_24h: "New figures arrive again",
  on_demand_started: "On-demand usage has ended",
  anomaly: "Usage is as usual again",
  schema_drift: "Cursor sends all figures again",
};

/**
 * What a message says of the alerts: what opened first, each oldest first. All thresholds that were passed are one piece
 * of news.
 */
export function newsOf(all: readonly Told[]): AlertNews[] {
  const told = ["opened", "cleared"].flatMap((purpose) =>
    all.filter((one) => one.purpose === purpose).sort((a, b) => a.alert.id - b.alert.id)
  );
  const isPassed = ({ alert, purpose }: Told) => alert.kind === "threshold_hit" && purpose === "opened";
  const passed = told.filter(isPassed).map(({ alert }) => alert);
  const first = told.findIndex(isPassed);
  return told.flatMap((one, at) => {
    if (!isPassed(one)) return [newsOfOne(one)];
    return at === first ? [newsOfPassed(passed)] : [];
  });
}

/** What an alert says in one line, by itself: "Spend passed $10.00". */
export function headlineOf(alert: Alert, purpose: Notice["purpose"] = "opened"): string {
  if (purpose === "cleared") return CLEARED[alert.kind];
  return alert.kind === "threshold_hit" ? passedHeadline([alert]) : OPENED[alert.kind];
}

function newsOfOne({ alert, purpose }: Told): AlertNews {
  const { kind, details, triggeredAt, clearedAt } = alert;
  return {
    kind,
    headline: headlineOf(alert, purpose),
    reason: purpose === "opened" ? details : `It was: ${details}`,
    triggeredAt: triggeredAt.toString(),
    clearedAt: purpose === "opened" ? null : clearedAt?.toString() ?? null,
  };
}

function newsOfPassed(alerts: readonly Alert[]): AlertNews {
  const newest = alerts.map(({ triggeredAt }) => triggeredAt).toSorted(Temporal.Instant.compare).at(-1);
  const reasons = [...new Set(alerts.map(({ details }) => details))];
  return {
    kind: "threshold_hit",
    headline: passedHeadline(alerts),
    reason: reasons.join("\n"),
    triggeredAt: newest?.toString() ?? "",
    clearedAt: null,
  };
}

function passedHeadline(alerts: readonly Alert[]): string {
  const marks = alerts.map(({ dedupeKey }) => markLabel(dedupeKey));
  const subject = marks.some(({ isPool }) => isPool) ? "Usage" : "Spend";
  return `${subject} passed ${listText(marks.map(({ label }) => label))}`;
}

/** "a", "a and b", "a, b and c". */
function listText(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
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
