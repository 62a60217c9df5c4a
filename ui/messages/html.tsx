import type { MessageFigure } from "../../domain/alerts/notification.ts";
import type { Bar, MessageChart } from "./chart.ts";
import { badgeStyle, barStyle, DARK, inline, NARROW } from "./style.ts";
import type { MessageView, NewsView, Tone } from "./view.ts";
import { raw } from "@hono/hono/html";

/** The message as a mail's HTML: tables, inline styles, nothing loaded from anywhere. */
export function htmlOf(view: MessageView): string {
  const { subject, badge, tone, title, lead, when, news, figures, chart, dashboardUrl, footer } = view;
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>{subject}</title>
        <style>{raw(NARROW)}</style>
        <style>{raw(DARK)}</style>
      </head>
      <body class="bg ink" style={inline.body}>
        <div style={inline.preview}>{previewOf(view)}</div>
        <table
          role="presentation"
          class="bg"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          border={0}
          style={inline.page}
        >
          <tr>
            <td align="center" style="padding:24px 12px">
              <table role="presentation" width="560" cellpadding="0" cellspacing="0" border={0} style={inline.frame}>
                <tr>
                  <td class="ink" style={inline.brand}>tracker</td>
                </tr>
                <tr>
                  <td class="card" style={inline.card}>
                    <Badge tone={tone}>{badge}</Badge>
                    <h1 class="title ink" style={inline.title}>{title}</h1>
                    {lead.map((text) => <Paragraph text={text} />)}
                    {when === null ? null : <p class="muted" style={inline.small}>{when}</p>}
                    {news.map((one) => <NewsBlock news={one} />)}
                    {figures.length === 0 ? null : <Figures figures={figures} />}
                    {chart === null ? null : <ChartBlock chart={chart} />}
                    {dashboardUrl === null ? null : <Button url={dashboardUrl} />}
                  </td>
                </tr>
                <tr>
                  <td class="muted" style={inline.footer}>{footer}</td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>
  );
  return `<!doctype html>\n${page}\n`;
}

function Badge({ tone, children }: { tone: Tone; children: string }) {
  return <span class={tone} style={badgeStyle(tone)}>{children}</span>;
}

/** A paragraph; what stands between backticks is a command. */
function Paragraph({ text }: { text: string }) {
  const parts = text.split("`");
  const isPaired = parts.length % 2 === 1;
  return (
    <p class="ink" style={inline.paragraph}>
      {isPaired ? parts.map((part, index) => index % 2 === 0 ? part : <code style={inline.code}>{part}</code>) : text}
    </p>
  );
}

function NewsBlock({ news: { badge, tone, headline, reason, when } }: { news: NewsView }) {
  return (
    <div class="line" style={`margin-top:20px;${inline.section}`}>
      <Badge tone={tone}>{badge}</Badge>
      <h2 class="ink" style={inline.subtitle}>{headline}</h2>
      {reason.map((text) => <Paragraph text={text} />)}
      <p class="muted" style={inline.small}>{when}</p>
    </div>
  );
}

/** Two a row, so that they have room on a phone. */
function Figures({ figures }: { figures: readonly MessageFigure[] }) {
  const rows = figures.flatMap((figure, index) => index % 2 === 0 ? [[figure, figures[index + 1]]] : []);
  return (
    <div class="line" style={`margin-top:20px;${inline.section}padding-top:8px;`}>
      <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border={0}>
        {rows.map((row) => (
          <tr>
            {row.map((figure) => (
              <td width="50%" valign="top" style="padding:12px 12px 0 0">
                <div class="muted" style={inline.label}>{figure?.label ?? ""}</div>
                <div class="ink" style={inline.value}>{figure?.value ?? ""}</div>
              </td>
            ))}
          </tr>
        ))}
      </table>
    </div>
  );
}

function Button({ url }: { url: string }) {
  return (
    <table role="presentation" cellpadding="0" cellspacing="0" border={0} style="margin-top:24px">
      <tr>
        <td class="button" style={inline.button}>
          <a class="link" href={url} style={inline.link}>Open the dashboard</a>
        </td>
      </tr>
    </table>
  );
}

/** What mail programs show beside the subject. */
function previewOf({ lead, news }: MessageView): string {
  return lead.join(" ") || news.map(({ headline }) => headline).join(" · ");
}

const HEIGHT = 84;
const BAR_ROOM = 40;
/** From this many bars on they stand closer. */
const MANY_BARS = 17;

/** The days' spend as a table of bars; what it shows stands in words beside it. */
function ChartBlock({ chart: { title, note, bars } }: { chart: MessageChart }) {
  // A cycle that has just begun has few bars: they need not fill the width.
  const room = `width:100%;max-width:${bars.length * BAR_ROOM}px;table-layout:fixed;`;
  return (
    <div class="line" style={`margin-top:24px;${inline.section}`}>
      <div class="ink" style={inline.heading}>{title}</div>
      {note === "" ? null : <div class="muted" style={`${inline.label}padding:2px 0 14px;`}>{note}</div>}
      <table
        role="presentation"
        aria-hidden="true"
        width="100%"
        cellpadding="0"
        cellspacing="0"
        border={0}
        style={room}
      >
        <tr>
          {bars.map((bar) => <Day bar={bar} gapPx={bars.length < MANY_BARS ? 4 : 1} />)}
        </tr>
      </table>
      <Axis first={bars.at(0)?.date ?? ""} last={bars.length > 1 ? bars.at(-1)?.date ?? "" : ""} room={room} />
    </div>
  );
}

function Day({ bar: { share, isEstimated }, gapPx }: { bar: Bar; gapPx: number }) {
  if (share === null) {
    return <td class="muted line" valign="bottom" style={`${inline.bars}${inline.unknown}`}>–</td>;
  }
  const height = share === 0 ? 0 : Math.max(2, Math.round(share * HEIGHT));
  return (
    <td class="line" valign="bottom" style={`${inline.bars}padding:0 ${gapPx}px;`}>
      {height === 0 ? null : (
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border={0}>
          <tr>
            <td
              class={isEstimated ? "estimated" : "bar"}
              height={height}
              style={barStyle({ height, isEstimated })}
            >
              {"\u00a0"}
            </td>
          </tr>
        </table>
      )}
    </td>
  );
}

function Axis({ first, last, room }: { first: string; last: string; room: string }) {
  return (
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border={0} style={room}>
      <tr>
        <td class="muted" align="left" style={inline.axis}>{first}</td>
        <td class="muted" align="right" style={inline.axis}>{last}</td>
      </tr>
    </table>
  );
}
