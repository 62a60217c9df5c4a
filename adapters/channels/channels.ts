import type { ChannelKind } from "./channel_kind.ts";
import { email } from "./email/email.ts";
import { webhook } from "./webhook/webhook.ts";

/** Every channel; a new one is one folder and one line here. */
export const CHANNELS: readonly ChannelKind[] = [email, webhook];
