import type { Child } from "@hono/hono/jsx";
import { assetPath } from "../assets.ts";

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
export interface LayoutProps {
  readonly title: string;
  readonly freshness: Freshness;
  /** How many alerts are open. Default 0. */
  readonly openAlerts?: number;
  /** Which of the pages it is. Default "/". */
  readonly path?: typeof PAGES[number]["path"];
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
