import { DeliveryFailed } from "../../../domain/alerts/notification.ts";
import { redactSecrets } from "../../../domain/redact.ts";
import type { MailServer } from "./server.ts";
import { z } from "zod";

/** Where the mail was to go, and whether the time for all of it was over. */
interface FailureContext {
  readonly server: MailServer;
  readonly isLate: boolean;
}

/** What is told of a failure. */
interface Told {
  readonly message: string;
  readonly hint: string;
  /** Default false: a wrong password or certificate is mended by a person, and the message is still wanted then. */
  readonly isPermanent?: boolean;
}

const APP_PASSWORDS = "https://support.google.com/accounts/answer/185833";
const GMAIL_HOST = /(?:^|\.)(?:gmail|googlemail|google)\.com$/i;

/** The failure in words that tell what to do about it, without a secret in them. */
export function deliveryFailed(error: unknown, { server, isLate }: FailureContext): DeliveryFailed {
  if (error instanceof DeliveryFailed) return error;
  const { message, hint, isPermanent = false } = isLate ? late(server) : tell(readFailure(error), server);
  // A server may repeat what it was sent. The cause is left out as it holds the server's words uncleaned.
  return new DeliveryFailed(redactSecrets(message, secretsOf(server)), { isPermanent, hint });
}

function tell(failure: SmtpFailure, server: MailServer): Told {
  switch (failure.code) {
    case "EAUTH":
      return login(failure, server);
    case "EENVELOPE":
    case "EMESSAGE":
      if (failure.responseCode !== undefined) return refusal(failure);
      break;
    case "EDNS":
      return {
        message: `Cannot find the mail server "${server.host}": ${plain(failure)}`,
        hint: "Check SMTP_HOST, and the network connection.",
      };
    case "ETIMEDOUT":
      return late(server);
    case "ETLS":
      if (failure.command === "STARTTLS" && failure.response !== undefined) return unencrypted(failure, server);
  }
  return connection(failure, server);
}

function login(failure: SmtpFailure, { host }: MailServer): Told {
  const { responseCode } = failure;
  if (responseCode === undefined || responseCode < 500) {
    return {
      message: `The mail server put off the login: ${wordsOf(failure) || plain(failure)}`,
      hint: "It is tried again. Where it stays like this, log in to the account in a browser and look for a warning.",
    };
  }
  if (GMAIL_HOST.test(host)) {
    return {
      message: `${responseCode} authentication failed: Gmail needs an App Password, see ${APP_PASSWORDS}`,
      hint: "Turn on 2-Step Verification, make an App Password, and set SMTP_PASS to its 16 letters.",
    };
  }
  return {
    message: `${responseCode} authentication failed: ${afterCode(failure)}`,
    hint: "Check SMTP_USER and SMTP_PASS; many providers want an app password in place of the account's own.",
  };
}

/** The server said no to the sender, to every recipient or to the message itself. */
function refusal(failure: SmtpFailure): Told {
  if (failure.responseCode === 530) {
    return {
      message: `The mail server wants a login: ${wordsOf(failure)}`,
      hint: "Set SMTP_USER and SMTP_PASS.",
    };
  }
  const refusals = failure.rejectedErrors ?? [];
  const isPermanent = refusals.length > 0 ? refusals.every(isPermanentReply) : isPermanentReply(failure);
  const did = isPermanent ? "refused" : "put off";
  if (refusals.length > 0) {
    const who = refusals.map((one) => `${one.recipient ?? "a recipient"}: ${wordsOf(one)}`).join("; ");
    return { message: `The mail server ${did} ${who}`, isPermanent, hint: hintOf("ALERT_TO", isPermanent) };
  }
  const isSender = failure.command === "MAIL FROM";
  return {
    message: `The mail server ${did} the ${isSender ? "sender" : "message"}: ${wordsOf(failure)}`,
    isPermanent,
    hint: isSender
      ? hintOf("SMTP_FROM", isPermanent)
      : isPermanent
      ? "Look for the reason in the server's words, such as a size limit or a filter."
      : "It is tried again.",
  };
}

function hintOf(variable: string, isPermanent: boolean): string {
  return isPermanent ? `Correct ${variable}.` : `It is tried again; where it stays like this, check ${variable}.`;
}

function unencrypted(failure: SmtpFailure, { port }: MailServer): Told {
  return {
    message: `The mail server offers no encryption (STARTTLS) on port ${port}: ${wordsOf(failure)}`,
    hint: "Set SMTP_PORT to one with encryption, 587 or 465: nothing is ever sent in plain text.",
  };
}

function late({ host, port }: MailServer): Told {
  return {
    message: `The mail server ${host}:${port} did not answer in time`,
    hint: "Check SMTP_HOST and SMTP_PORT, and whether a firewall keeps mail from leaving: many networks close port 25.",
  };
}

/** There is no connection, no encrypted one, or it broke off. */
function connection(failure: SmtpFailure, { host, port }: MailServer): Told {
  const place = `${host}:${port}`;
  if (isCertificateFault(failure.message)) {
    return {
      message: `Cannot trust the certificate of the mail server ${place}: ${plain(failure)}`,
      hint:
        "Set SMTP_HOST to the name in the certificate, and SMTP_CA_FILE to the PEM file of an authority of your own; a " +
        "certificate can also be out of date.",
    };
  }
  if (failure.originalCode === "ECONNREFUSED") {
    return {
      message: `The mail server ${place} refuses connections`,
      hint: "Check SMTP_HOST and SMTP_PORT, and that the server runs.",
    };
  }
  if (isNotTls(failure.message)) {
    return {
      message: `The mail server ${place} does not begin with TLS`,
      hint: "Set SMTP_PORT to 587 for STARTTLS; TLS from the start is for port 465.",
    };
  }
  if (failure.responseCode !== undefined) {
    return {
      message: `The mail server ${place} turned the connection away: ${wordsOf(failure)}`,
      hint: "It is tried again; the server's words tell what it has against this machine.",
    };
  }
  return {
    message: `The connection to the mail server ${place} broke off: ${plain(failure)}`,
    hint: "It is tried again with the same Message-ID, as the server may have taken the message.",
  };
}

function isCertificateFault(message: string): boolean {
  return /certificate|self[- ]signed|altnames|issuer|CERT_/i.test(message);
}

function isNotTls(message: string): boolean {
  return /corrupt message|InvalidContentType|wrong version number|unknown protocol|packet length too long/i.test(
    message,
  );
}

/** The library's own words, without nodemailer's additions. */
function plain({ message }: SmtpFailure): string {
  const words = message.replace(/^Error initiating TLS - /, "").replace(/[\p{Cc}\s]+/gu, " ").trim();
  return words.length > 200 ? `${words.slice(0, 200)}…` : words;
}

function afterCode(failure: SmtpFailure): string {
  return wordsOf(failure).replace(/^\d{3}[ -]/, "") || "the server gave no reason";
}

/** The password as it is written in the configuration and as it goes over the wire. */
function secretsOf({ login }: MailServer): string[] {
  if (login === null) return [];
  const { user } = login;
  const password = login.password.reveal();
  return [password, base64(password), base64(`\0${user}\0${password}`)];
}

function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

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
type SmtpFailure = z.output<typeof failureWithRefusals>;

/** What the server said no to. */
export type SmtpRefusal = Pick<z.output<typeof failure>, "response" | "responseCode" | "recipient">;

/** The failure as far as it is known; its message alone where it is none of nodemailer's. */
function readFailure(error: unknown): SmtpFailure {
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
