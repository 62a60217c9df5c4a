import type { CostBasis } from "../../domain/capture/usage.ts";
import { formatAge } from "../../domain/format.ts";
import { writeRefusal } from "../web/auth.ts";
import type { WebServices } from "../web/context.ts";
import { formatMoment, formatUntil } from "../words/format.ts";
import type { Child } from "@hono/hono/jsx";

/** When a page is made, and for which time zone. */
export interface Moment {
  readonly now: Temporal.Instant;
  readonly timeZone: string;
}

/** The present of a page. */
export function momentOf({ clock, config }: Pick<WebServices, "clock" | "config">): Moment {
  return { now: clock.now(), timeZone: config.timeZone };
}

/** How long ago, or how soon; the exact moment is in the tooltip. */
export function When({ at, now, timeZone }: Moment & { at: Temporal.Instant }) {
  const isPast = Temporal.Instant.compare(at, now) <= 0;
  return (
    <time datetime={at.toString()} title={formatMoment(at, timeZone)}>
      {isPast ? formatAge(at, now) : formatUntil(at, now)}
    </time>
  );
}

/** Whether a page's buttons work: the token that its forms carry, or why there are none. */
export interface Writes {
  readonly token: string | null;
  readonly refusal: string | null;
}

/** Whether this dashboard can be written to at all; the login itself is asked for when a button is pressed. */
export function writesOf({ config, tokens }: Pick<WebServices, "config" | "tokens">): Writes {
  const refusal = writeRefusal(config.dashboard);
  const { user } = config.dashboard;
  if (refusal === null && user !== null) return { token: tokens.issue(user), refusal: null };
  return { token: null, refusal: "Buttons are off: set DASH_USER and DASH_PASS, then start the server again." };
}

/** A button that posts; it works without any script. Nothing where nobody can write. */
export function ActionForm(props: {
  writes: Writes;
  action: string;
  label: string;
  /** What the button does to what, where the label alone does not say it. */
  describes?: string;
  isQuiet?: boolean;
  children?: Child;
}) {
  const { writes, action, label, describes, isQuiet = false } = props;
  if (writes.token === null) return null;
  return (
    <form class="action" method="post" action={action}>
      <input type="hidden" name="csrf" value={writes.token} autocomplete="off" />
      {props.children}
      <button type="submit" class={isQuiet ? "quiet" : undefined} aria-label={describes}>{label}</button>
    </form>
  );
}

/** Why there are no buttons. */
export function WriteRefusal({ writes }: { writes: Writes }) {
  return writes.refusal === null ? null : <p class="note refusal">{writes.refusal}</p>;
}

/** A card with a heading, one line that says how to read it, and what it is about. */
export function Panel(props: { id: string; title: string; note?: Child; aside?: Child; children: Child }) {
  const { id, title, note = null, aside = null } = props;
  return (
    <section class="card table panel" id={id} aria-labelledby={`${id}-title`}>
      <div class="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside}
      </div>
      {note === null ? null : <p class="note">{note}</p>}
      {props.children}
    </section>
  );
}

/** What a badge means, for who points at it. */
const MEANINGS: Readonly<Record<CostBasis, string>> = {
  billed: "Charged on top of the plan",
  included: "At API prices, covered by what the plan includes",
  estimated: "Worked out: a share of what came while nobody looked",
  unknown: "Cursor does not tell this cost; it is in no total",
};

/** A badge that says what a figure is. */
export function Badge({ basis }: { basis: CostBasis }) {
  return <span class={`badge ${basis}`} title={MEANINGS[basis]}>{basis === "unknown" ? "cost unknown" : basis}</span>;
}
