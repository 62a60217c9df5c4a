import type { Message, RenderedMessage } from "../../domain/notifications.ts";
import { chatOf } from "./chat.ts";
import { htmlOf } from "./html.tsx";
import { jsonOf } from "./json.ts";
import { messageView } from "./message_view.ts";
import { textOf } from "./text.ts";

/**
 * The message as every channel wants it: the same message gives the same text each time. Times are of `timeZone`.
 * Load it when there is something to send: it brings the HTML renderer with it.
 */
export function renderMessage(message: Message, { timeZone = "UTC" }: { timeZone?: string } = {}): RenderedMessage {
  const view = messageView(message, { timeZone });
  return {
    messageId: message.messageId,
    subject: view.subject,
    createdAt: message.createdAt,
    text: textOf(view),
    html: htmlOf(view),
    chat: chatOf(view),
    json: jsonOf(message, view.subject),
  };
}
