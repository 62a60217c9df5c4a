import type { MessageView } from "./message_view.ts";

/** A few lines in Slack's mark-up, which Mattermost, Rocket.Chat and Discord read too. */
export function chatOf({ subject, lead, news, figures, dashboardUrl }: MessageView): string {
  const lines = [
    `*${escaped(subject)}*`,
    ...lead.map(escaped),
    ...news.map(({ headline, reason }) => `• *${escaped(headline)}* ${escaped(reason.join(" "))}`.trim()),
    ...figures.map(({ label, value }) => `${escaped(label)}: *${escaped(value)}*`),
  ];
  if (dashboardUrl !== null) lines.push(`<${escaped(dashboardUrl.replaceAll("|", "%7C"))}|Open the dashboard>`);
  return lines.join("\n");
}

/** Text that stays text: no link, no mark-up of a reference, and nobody is called by it. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replace(/@(?=channel|here|everyone|all)/gi, "@\u200b");
}
