import type { Message, MessageDay } from "../../../domain/alerts/notification.ts";

/** Cents of the days from 10 to 21 November; null where unknown. */
const CENTS = [40, 90, 110, 20, 10, 100, 80, 120, 70, 150, 166, 186];
const ESTIMATED = ["2026-11-13", "2026-11-14"];

/** Twelve days, two of them estimated. */
const DAYS: readonly MessageDay[] = CENTS.map((cents, index) => {
  const date = `2026-11-${10 + index}`;
  return { date, spendMicros: cents * 10_000, isEstimated: ESTIMATED.includes(date) };
});

const base = {
  createdAt: "2026-11-21T19:15:00Z",
  days: DAYS,
  dashboardUrl: "http://tracker.lan:8787/",
  figures: [
    { label: "Spent so far", value: "$11.42" },
    { label: "Budget", value: "$20.00" },
    { label: "Projected", value: "$27.80" },
    { label: "Left in the cycle", value: "19 days" },
  ],
} satisfies Partial<Message>;

/** One message of each sort. */
export const MESSAGES = {
  opened: {
    ...base,
    messageId: "<threshold.1@tracker>",
    purpose: "opened",
    subject: "Cursor: $10.00 passed — $11.42 of $20.00, 19 days left",
    news: [{
      kind: "threshold_hit",
      headline: "$11.42 is spent: $10.00 of your $20.00 is passed.",
      reason:
        "claude-4.6-opus-high made $4.10 of it on 19–21 November.\nAt this pace the budget is gone on 1 December.",
      triggeredAt: "2026-11-21T19:02:00Z",
      clearedAt: null,
    }],
  },
  cleared: {
    ...base,
    messageId: "<overrun.1@tracker>",
    purpose: "cleared",
    subject: "Cursor: the projection is back under the budget",
    news: [{
      kind: "projection_overrun",
      headline: "The cycle is projected to end at $18.60, under your $20.00 again.",
      reason: "The last three days were under the usual day of $0.95.",
      triggeredAt: "2026-11-18T07:00:00Z",
      clearedAt: "2026-11-21T19:00:00Z",
    }],
    figures: base.figures.slice(0, 3),
  },
  digest: {
    ...base,
    messageId: "<digest.1@tracker>",
    purpose: "digest",
    subject: "Cursor: 3 alerts since this morning",
    news: [
      {
        kind: "on_demand_started",
        headline: "On-demand billing has begun: $0.12 for claude-4.6-opus-high.",
        reason: "The plan's included usage was used up; from now on requests are billed.",
        triggeredAt: "2026-11-21T08:02:00Z",
        clearedAt: null,
      },
      {
        kind: "scrape_error",
        headline: "No figures could be read: logged out of Cursor.",
        reason: "Run `tracker onboard` to log in again. The figures below are of 21 Nov 2026, 12:00 UTC.",
        triggeredAt: "2026-11-21T13:00:00Z",
        clearedAt: null,
      },
      {
        kind: "anomaly",
        headline: "Yesterday was unusual: $4.10 where $0.95 is usual.",
        reason: "claude-4.6-opus-high alone made $3.70 of it.",
        triggeredAt: "2026-11-21T00:15:00Z",
        clearedAt: "2026-11-21T15:00:00Z",
      },
    ],
    days: DAYS.map((day, index) => index === 11 ? { ...day, spendMicros: null } : day),
  },
  test: {
    messageId: "<test.1@tracker>",
    purpose: "test",
    subject: "Cursor tracker: test message",
    news: [],
    figures: [],
    days: [],
    dashboardUrl: null,
    createdAt: base.createdAt,
  },
} satisfies Record<string, Message>;
