import { isStale } from "../../domain/capture/usage.ts";
import { formatAge } from "../../domain/format.ts";
import type { Services } from "../services.ts";
import { assetPath } from "../web/assets.ts";
import type { WebServices } from "../web/context.ts";
import { formatMoment } from "../words/format.ts";
import { flashOf } from "./flash.ts";
import type { Child } from "@hono/hono/jsx";

/** How old the figures are, for the badge at the top of each page. */
export interface Freshness {
  readonly state: "fresh" | "stale" | "none";
  readonly text: string;
  readonly title: string;
}

/** The pages, as the navigation lists them; a new one is one line here. */
const PAGES = [
  { path: "/", name: "Usage" },
  { path: "/billing", name: "Billing" },
  { path: "/alerts", name: "Alerts" },
  { path: "/runs", name: "Runs" },
  { path: "/settings", name: "Settings" },
] as const;

/** What a page gives its frame. */
interface LayoutProps {
  readonly title: string;
  readonly freshness: Freshness;
  /** How many alerts are open. Default 0. */
  readonly openAlerts?: number;
  /** Which of the pages it is; null where it is none of them. Default "/". */
  readonly path?: typeof PAGES[number]["path"] | null;
  /** The body's class, for a style of its own. */
  readonly bodyClass?: string;
  /** Scripts of this site, run in this order; the last ones may be modules. */
  readonly scripts?: Child;
  readonly children: Child;
}

/** The frame of every page. */
export function Layout({ path = "/", openAlerts = 0, ...props }: LayoutProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {/* To ourselves alone: without it a browser hides from us, too, which page a form was sent by. */}
        <meta name="referrer" content="same-origin" />
        <meta name="description" content="What Cursor's usage costs, and where it will end" />
        <title>{`${props.title} · tracker`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={assetPath("style.css")} />
        <script src={assetPath("theme.js")} />
      </head>
      <body class={props.bodyClass}>
        <header class="top">
          <a class="brand" href="/">tracker</a>
          <nav aria-label="Pages">
            {PAGES.map((page) => (
              <a href={page.path} aria-current={page.path === path ? "page" : undefined}>
                {page.name}
                {page.path === "/alerts" && openAlerts > 0 ? <OpenAlerts count={openAlerts} /> : null}
              </a>
            ))}
          </nav>
          <p class={`freshness ${props.freshness.state}`} title={props.freshness.title}>{props.freshness.text}</p>
          <button type="button" class="theme" id="theme" hidden />
        </header>
        <main>{props.children}</main>
        {props.scripts}
        <script type="module" src={assetPath("live.js")} />
      </body>
    </html>
  );
}

/** The number is read out with its meaning. */
function OpenAlerts({ count }: { count: number }) {
  return (
    <span class="badge count">
      {`${count} `}
      <span class="unseen">open</span>
    </span>
  );
}

/** The frame of the pages about the tracker itself: how old the figures are, and what a posted form came to. */
export function Frame(
  { services, said, ...props }: Pick<LayoutProps, "title" | "path"> & {
    services: WebServices;
    /** The query's name of a message. */
    said: string | undefined;
    children: Child;
  },
) {
  const flash = flashOf(said);
  return (
    <Layout
      {...props}
      freshness={freshnessOf(services)}
      openAlerts={services.stores.alerts.listOpen().length}
      bodyClass="tracker-page"
    >
      {flash === null ? null : <p class={`flash ${flash.tone}`} id="flash" role="status">{flash.text}</p>}
      {props.children}
    </Layout>
  );
}

/** How old the newest figures are. */
export function freshnessOf({ stores, clock, config }: Pick<Services, "stores" | "clock" | "config">): Freshness {
  const snapshot = stores.usage.latest();
  if (snapshot === null) return { state: "none", text: "no figures yet", title: "No scrape has succeeded so far" };
  const now = clock.now();
  const changed = formatAge(snapshot.capturedAt, now);
  return {
    state: isStale(snapshot, now) ? "stale" : "fresh",
    text: `checked ${formatAge(snapshot.lastCheckedAt, now)} · changed ${changed}`,
    title: `Last checked ${formatMoment(snapshot.lastCheckedAt, config.timeZone)}`,
  };
}
