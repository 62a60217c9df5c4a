import { VERSION } from "../../domain/version.ts";
import { STYLE } from "../web/style.ts";
import { billingHeadline } from "../words/billing.ts";
import { formatMoment } from "../words/format.ts";
import type { ModelColors } from "../words/model_colors.ts";
import billingCharts from "./assets/billing_charts.js" with { type: "text" };
import sortTables from "./assets/sort_tables.js" with { type: "text" };
import { BillingBody } from "./body.tsx";
import { type BillingData, billingView } from "./view.ts";
import { raw } from "@hono/hono/html";
import apexcharts from "apexcharts/dist/apexcharts.min.js" with { type: "text" };

/** How a report is made. */
interface ReportOptions {
  readonly now: Temporal.Instant;
  readonly timeZone: string;
  readonly topUsers: number;
  /** Default: those of the data alone. */
  readonly colorOf?: ModelColors;
}

/** Nothing is loaded from anywhere: a report works from a mail attachment, without a network. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** The report as one HTML file. */
export function reportHtml(data: BillingData, { now, timeZone, ...options }: ReportOptions): string {
  const view = billingView(data, { ...options, hrefOfUser: null });
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content={`tracker ${VERSION}`} />
        <meta http-equiv="Content-Security-Policy" content={POLICY} />
        <title>Cursor on-demand billing</title>
        <link rel="icon" href="data:," />
        <style>{raw(STYLE)}</style>
      </head>
      <body class="billing">
        <main>
          <p class="line">On-demand billing of the team · made {formatMoment(now, timeZone)}</p>
          <h1>{billingHeadline(view)}</h1>
          <BillingBody view={view} />
        </main>
        <script>{raw(withoutEndTag(apexcharts))}</script>
        <script type="module">{raw(withoutEndTag(billingCharts))}</script>
        <script type="module">{raw(withoutEndTag(sortTables))}</script>
      </body>
    </html>
  );
  return `<!doctype html>\n${page}\n`;
}

/** In an HTML script element "</script" ends the element, in JavaScript text "<\/script" means the same. */
function withoutEndTag(script: string): string {
  return script.replaceAll(/<\/(script)/gi, "<\\/$1");
}
