import { DeliveryFailed } from "../../../domain/alerts/notification.ts";
import type { Secret } from "../../../domain/config.ts";
import { messageOf } from "../../../domain/errors.ts";
import { getCACertificates } from "node:tls";

/** The mail server, and who sends what to whom through it. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly login: { readonly user: string; readonly password: Secret } | null;
  /** "Tracker <tracker@example.com>" */
  readonly from: string;
  readonly to: readonly string[];
  readonly caFile: string | null;
  readonly timeouts: MailTimeouts;
}

/** The port on which TLS comes first; on all others STARTTLS is demanded. */
const IMPLICIT_TLS_PORT = 465;

/** What nodemailer's connection is told. Nothing but a greeting ever passes before TLS with a checked certificate. */
export function connectionOptions({ host, port, caFile, timeouts }: MailServer) {
  return {
    host,
    port,
    secure: port === IMPLICIT_TLS_PORT,
    requireTLS: true,
    tls: { rejectUnauthorized: true, minVersion: "TLSv1.2" as const, ca: authorities(caFile) },
    dnsTimeout: timeouts.connectMs,
    connectionTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.silenceMs,
    // A server on this machine is one too.
    allowInternalNetworkInterfaces: true,
  };
}

/** The system's certificate authorities and the runtime's, and those of SMTP_CA_FILE. */
function authorities(caFile: string | null): string[] {
  const known = [...getCACertificates("default"), ...getCACertificates("system")];
  return [...new Set(caFile === null ? known : [...known, readPem(caFile)])];
}

function readPem(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw new DeliveryFailed(`SMTP_CA_FILE cannot be read: ${messageOf(error)}`, {
      isPermanent: false,
      hint: "Put the file back, or set SMTP_CA_FILE to where it is now.",
      cause: error,
    });
  }
}

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
