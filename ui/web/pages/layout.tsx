import type { Child } from "@hono/hono/jsx";
import { STYLE_PATH } from "../routes/assets.ts";

/** How old the figures are, for the badge at the top of each page. */
export interface Freshness {
  readonly state: "fresh" | "stale" | "none";
  readonly text: string;
  readonly title: string;
}

/** The frame of every page. */
export function Layout(props: { title: string; freshness: Freshness; children: Child }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${props.title} · tracker`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={STYLE_PATH} />
      </head>
      <body>
        <header class="top">
          <a class="brand" href="/">tracker</a>
          <nav aria-label="Pages">
            <a href="/" aria-current="page">Usage</a>
          </nav>
          <p class={`freshness ${props.freshness.state}`} title={props.freshness.title}>{props.freshness.text}</p>
        </header>
        <main>{props.children}</main>
      </body>
    </html>
  );
}
