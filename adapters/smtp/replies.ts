import { z } from "zod";

/** What nodemailer tells of a failure, as far as it is looked at; whatever is missing or odd is left out. */
const failure = z.object({
  message: z.string().catch(""),
  /** nodemailer's own name of what failed: "EAUTH". */
  code: z.string().optional().catch(undefined),
  /** The system's name of it: "ECONNREFUSED". */
  originalCode: z.string().optional().catch(undefined),
  /** The last command, or "CONN". */
  command: z.string().optional().catch(undefined),
  /** The server's line, with its code in front. */
  response: z.string().optional().catch(undefined),
  responseCode: z.number().optional().catch(undefined),
  recipient: z.string().optional().catch(undefined),
});

const failureWithRefusals = failure.extend({ rejectedErrors: z.array(failure).optional().catch(undefined) });

/** A failure of a conversation with a mail server. */
export type SmtpFailure = z.output<typeof failureWithRefusals>;

/** What the server said no to. */
export type SmtpRefusal = Pick<z.output<typeof failure>, "response" | "responseCode" | "recipient">;

/** The failure as far as it is known; its message alone where it is none of nodemailer's. */
export function readFailure(error: unknown): SmtpFailure {
  const parsed = failureWithRefusals.safeParse(error);
  return parsed.success ? parsed.data : { message: String(error) };
}

/** A sender's daily limit (Gmail says 550 5.4.5) is over the next day, whatever its code says. */
const PASSING = /^5\d\d[ -]5\.4\.5\b/;

/**
 * Whether the reply refuses the message for good. 503 is about the order of commands and 530 about a missing login:
 * neither is about the message.
 */
export function isPermanentReply({ response = "", responseCode = 0 }: SmtpRefusal): boolean {
  const isFinal = responseCode >= 500 && responseCode < 600;
  return isFinal && responseCode !== 503 && responseCode !== 530 && !PASSING.test(response);
}

const MAX_WORDS = 200;

/** The server's own words in one short line: "550 5.1.1 no such user". */
export function wordsOf({ response = "" }: SmtpRefusal): string {
  // Each line of a reply repeats the code.
  const words = response.replace(/[\r\n]+\d{3}[ -]/g, " ").replace(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, " ").trim();
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words;
}
