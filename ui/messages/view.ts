import type { AlertNews, Message, MessageFigure, NotificationPurpose } from "../../domain/alerts/notification.ts";
import type { AlertRule } from "../../domain/alerts/rule.ts";
import { ruleOf } from "../../domain/alerts/rules.ts";
import { formatMoment } from "../words/format.ts";
import { chartOf, type MessageChart } from "./chart.ts";

/** How grave something is; it decides a colour. */
export type Tone = "accent" | "good" | "warn" | "bad";

/** One alert as it is shown. */
export interface NewsView {
  readonly badge: string;
  readonly tone: Tone;
  readonly headline: string;
  readonly reason: readonly string[];
  /** "Since 21 Nov 2026, 19:00 UTC". */
  readonly when: string;
}

/** A message as a page or a text shows it: in words, with nothing in it that could break out of its place. */
export interface MessageView {
  readonly subject: string;
  readonly badge: string;
  readonly tone: Tone;
  /** The answer first, as a sentence. */
  readonly title: string;
  /** What stands under the title where there is no news, or one alone. */
  readonly lead: readonly string[];
  readonly when: string | null;
  /** Several alerts; empty where the title and the lead say it all. */
  readonly news: readonly NewsView[];
  readonly figures: readonly MessageFigure[];
  /** Null where there are no days. */
  readonly chart: MessageChart | null;
  /** An http or https address; null where the dashboard's is not known. */
  readonly dashboardUrl: string | null;
  readonly footer: string;
}

const PURPOSE: Readonly<Record<NotificationPurpose, { badge: string; tone: Tone; lead: string }>> = {
  opened: { badge: "Alert", tone: "warn", lead: "The dashboard tells more." },
  cleared: { badge: "Over", tone: "good", lead: "What an alert told of is over." },
  digest: { badge: "Digest", tone: "warn", lead: "The dashboard tells more." },
  test: { badge: "Test", tone: "accent", lead: "This is a test. Alerts reach you here; nothing has happened." },
};

/** Gravest last. */
const GRAVITY: readonly Tone[] = ["good", "accent", "warn", "bad"];

/** How a message is put into words. */
interface ViewOptions {
  /** Times are of this zone. */
  readonly timeZone: string;
  /** Tell the badge and the tone of each kind of alert. */
  readonly rules: readonly AlertRule[];
}

/** The message in words. */
export function messageView(message: Message, { timeZone, rules }: ViewOptions): MessageView {
  const subject = oneLine(message.subject) || "tracker";
  const news = message.news.map((one) => newsView(one, { timeZone, rules }));
  const [first] = news;
  const single = news.length === 1 && first !== undefined ? first : null;
  const { badge, tone, lead } = PURPOSE[message.purpose];
  const isOfAlerts = message.purpose === "opened" || message.purpose === "digest";
  const made = momentOf(message.createdAt, timeZone);
  return {
    subject,
    badge: message.purpose === "opened" && single !== null ? single.badge : badge,
    tone: isOfAlerts ? gravest(news, tone) : tone,
    title: single?.headline ?? subject,
    lead: single?.reason ?? (news.length === 0 ? [lead] : []),
    when: single?.when ?? null,
    news: single === null ? news : [],
    figures: message.figures.map(({ label, value }) => ({ label: oneLine(label), value: oneLine(value) })),
    chart: chartOf(message.days, { today: dateOf(message.createdAt, timeZone) }),
    dashboardUrl: webAddress(message.dashboardUrl),
    footer: ["From your tracker", made].filter((part) => part !== null).join(" · "),
  };
}

function newsView(
  { kind, headline, reason, triggeredAt, clearedAt }: AlertNews,
  { timeZone, rules }: ViewOptions,
): NewsView {
  const [from, to] = [momentOf(triggeredAt, timeZone), clearedAt === null ? null : momentOf(clearedAt, timeZone)];
  const { badge, tone } = ruleOf(kind, rules);
  return {
    badge: clearedAt === null ? badge : "Over",
    tone: clearedAt === null ? tone : "good",
    headline: oneLine(headline),
    reason: paragraphsOf(reason),
    when: to === null ? `Since ${from ?? "an unknown time"}` : `From ${from ?? "an unknown time"} to ${to}`,
  };
}

function gravest(news: readonly NewsView[], otherwise: Tone): Tone {
  const tones = news.map(({ tone }) => tone);
  return GRAVITY.findLast((tone) => tones.includes(tone)) ?? otherwise;
}

function momentOf(iso: string, timeZone: string): string | null {
  const at = instantOf(iso);
  return at === null ? null : formatMoment(at, timeZone);
}

function dateOf(iso: string, timeZone: string): Temporal.PlainDate | null {
  return instantOf(iso)?.toZonedDateTimeISO(timeZone).toPlainDate() ?? null;
}

function instantOf(iso: string): Temporal.Instant | null {
  try {
    return Temporal.Instant.from(iso);
  } catch (error) {
    if (error instanceof RangeError) return null; // a message that is odd is still better sent than lost
    throw error;
  }
}

function webAddress(text: string | null): string | null {
  const url = text === null ? null : URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : null;
}

/** Control characters, and those that turn the direction of what follows: names of models come from outside. */
const HIDDEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** The text in one line: no header, line or direction begins in the middle of it. */
function oneLine(text: string): string {
  return text.replace(HIDDEN, " ").replace(/ {2,}/g, " ").trim();
}

/** The text's paragraphs, each in one line. */
function paragraphsOf(text: string): string[] {
  return text.split(/[\r\n]+/).map(oneLine).filter((line) => line !== "");
}
