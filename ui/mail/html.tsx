import { raw } from "@hono/hono/html";
import type { MessageFigure } from "../../domain/notifications.ts";
import { ChartBlock } from "./html_chart.tsx";
import type { MessageView, NewsView, Tone } from "./message_view.ts";
import { badgeStyle, DARK, inline, NARROW } from "./style.ts";

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
