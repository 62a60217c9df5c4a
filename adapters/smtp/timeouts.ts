/** How long a mail server may take, in milliseconds. */
export interface MailTimeouts {
  /** From the name look-up to an encrypted connection. */
  readonly connectMs: number;
  /** From the connection to the server's first line. */
  readonly greetingMs: number;
  /** Silence in between. A server may look at a message for a while: giving up on it means that it is sent again. */
  readonly silenceMs: number;
  /** The whole of it, so that a server that drips bytes can't hold up the outbox. */
  readonly totalMs: number;
}

export const MAIL_TIMEOUTS: MailTimeouts = {
  connectMs: 20_000,
  greetingMs: 20_000,
  silenceMs: 120_000,
  totalMs: 240_000,
};
