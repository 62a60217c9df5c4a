import type { MessageFigure } from "../../domain/alerts/notification.ts";
import type { Bar, MessageChart } from "./chart.ts";
import type { MessageView, NewsView } from "./view.ts";

const WIDTH = 72;
const BAR_WIDTH = 40;

/** The message as plain text, 72 columns wide. */
export function textOf(view: MessageView): string {
  const { title, lead, when, news, figures, chart, dashboardUrl, footer } = view;
  const blocks = [
    underlined(title),
    ...lead.map((paragraph) => wrap(paragraph)),
    when ?? "",
    ...news.map(newsText),
    figures.length === 0 ? "" : figureLines(figures),
    chart === null ? "" : chartText(chart),
    dashboardUrl === null ? "" : `Dashboard: ${dashboardUrl}`,
    // What mail programs know as the begin of a signature.
    `-- \n${wrap(footer)}`,
  ];
  return blocks.filter((block) => block !== "").join("\n\n") + "\n";
}

function newsText({ badge, headline, reason, when }: NewsView): string {
  const parts = [
    wrap(headline, { first: "* " }),
    ...reason.map((text) => wrap(text, { first: "  " })),
    `  ${badge} · ${when}`,
  ];
  return parts.join("\n");
}

function underlined(title: string): string {
  const lines = wrap(title).split("\n");
  return [...lines, "=".repeat(Math.max(...lines.map(({ length }) => length)))].join("\n");
}

function figureLines(figures: readonly MessageFigure[]): string {
  const labels = Math.max(...figures.map(({ label }) => label.length));
  const values = Math.max(...figures.map(({ value }) => value.length));
  const fits = labels + values + 4 <= WIDTH;
  return figures.map(({ label, value }) =>
    fits
      ? `  ${label.padEnd(labels)}  ${value.padStart(values)}`
      : `${wrap(label, { first: "  " })}\n${wrap(value, { first: "    " })}`
  ).join("\n");
}

function chartText({ title, note, bars }: MessageChart): string {
  const dates = Math.max(...bars.map(({ date }) => date.length));
  const values = Math.max(...bars.map(({ value }) => value.length));
  const line = ({ date, value, share, isEstimated }: Bar) => {
    const size = share === null ? 0 : Math.max(share > 0 ? 1 : 0, Math.round(share * BAR_WIDTH));
    return `  ${date.padStart(dates)}  ${value.padStart(values)}  ${(isEstimated ? "░" : "█").repeat(size)}`.trimEnd();
  };
  const caption = note === "" ? title : `${title} (${note.replace("hatched:", "░:")})`;
  return [wrap(caption), ...bars.map(line)].join("\n");
}

/** Lines of at most 72 columns, broken at spaces; the further ones are set in as far as the first one's text. */
function wrap(text: string, { first = "" }: { first?: string } = {}): string {
  const indent = " ".repeat(first.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const isFull = line !== "" && first.length + line.length + 1 + word.length > WIDTH;
    if (isFull) lines.push(line);
    line = isFull || line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one, index) => (index === 0 ? first : indent) + one).join("\n");
}
