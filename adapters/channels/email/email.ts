import * as field from "../../config/fields.ts";
import { readVariables, type Variables } from "../../config/variable.ts";
import type { ChannelKind, GivenVariables } from "../channel_kind.ts";
import { parseMailAddress, splitAddresses } from "./address.ts";
import { type MailSettings, smtpChannel } from "./channel.ts";
import { X509Certificate } from "node:crypto";
import { z } from "zod";

/** E-mail addresses with commas between; a display name in front is allowed. */
const mailAddresses = z.string().transform((text, context): string[] => {
  const addresses = splitAddresses(text);
  const wrong = addresses.find((address) => parseMailAddress(address) === null);
  if (wrong === undefined) return addresses;
  return field.fail(context, `must be e-mail addresses with commas between: ${JSON.stringify(wrong)} is none`);
});

const mailAddress = z.string().transform((text, context): string => {
  if (parseMailAddress(text) !== null) return text;
  return field.fail(context, `must be an e-mail address: current value is ${JSON.stringify(text)}`);
});

const VARIABLES = {
  SMTP_HOST: { parse: field.hostName, unset: "Gmail's for its users", about: "The mail server" },
  SMTP_PORT: {
    parse: field.portNumber,
    default: "587",
    about: "The mail server's port; 465 is TLS from the start, on every other port STARTTLS is demanded",
  },
  SMTP_USER: { parse: z.string(), isPersonal: true, about: "The login at the mail server; none where not set" },
  SMTP_PASS: {
    parse: field.secretText,
    isSecret: true,
    about: "The password of that login; Gmail needs an App Password",
  },
  SMTP_FROM: { parse: mailAddress, unset: "`SMTP_USER`", isPersonal: true, about: "The sender" },
  SMTP_CA_FILE: { parse: z.string(), about: "PEM file of a further certificate authority to trust" },
  ALERT_TO: { parse: mailAddresses, default: "", isPersonal: true, about: "Who gets the alerts, with commas between" },
} as const satisfies Variables;

/** Mail through one server. */
export const email: ChannelKind = {
  name: "email",
  group: {
    title: "Alerts by e-mail. For Gmail: SMTP_USER, SMTP_PASS (an App Password) and ALERT_TO, nothing else.",
    variables: VARIABLES,
  },
  *contradictions(given) {
    yield* mailContradictions(given);
    const caFile = given.text("SMTP_CA_FILE");
    if (caFile !== undefined) yield* caFileFaults(given.path(caFile));
  },
  setUp(texts, options) {
    const settings = mailSettings(texts, options);
    const { host, from, to } = settings;
    return {
      name: email.name,
      words: {
        title: "E-mail",
        by: "by e-mail",
        needs: "SMTP_USER, SMTP_PASS and ALERT_TO for mail",
        check: {
          name: "smtp",
          title: "Mail server",
          skipped: "no mail is configured; alerts are on the dashboard alone",
        },
      },
      missing: [...(host === null ? ["SMTP_HOST"] : []), ...(to.length === 0 ? ["ALERT_TO"] : [])],
      domain: /@([a-z\d.-]+)>?\s*$/i.exec(from ?? "")?.[1] ?? null,
      make: () => smtpChannel(settings),
    };
  },
};

const GMAIL_USER = /@(?:gmail|googlemail)\.com$/i;

/** Mail as it is configured, with what follows from it: Gmail's server for its users, and the user's own address as sender. */
export function mailSettings(
  texts: Readonly<Record<string, string>>,
  { path }: Pick<GivenVariables, "path">,
): MailSettings {
  const values = readVariables(VARIABLES, texts);
  const user = values.SMTP_USER ?? null;
  const host = values.SMTP_HOST ?? gmailHost(user);
  return {
    host,
    port: values.SMTP_PORT,
    user,
    password: values.SMTP_PASS ?? null,
    from: values.SMTP_FROM ?? (host === null ? null : user),
    caFile: values.SMTP_CA_FILE === undefined ? null : path(values.SMTP_CA_FILE),
    to: values.ALERT_TO,
  };
}

function gmailHost(user: string | null): string | null {
  return user !== null && GMAIL_USER.test(user) ? "smtp.gmail.com" : null;
}

/** A half configured mail would be found out by the first alert that nobody gets. */
function* mailContradictions({ has, text }: GivenVariables): Iterable<string> {
  const user = text("SMTP_USER") ?? null;
  const host = text("SMTP_HOST") ?? gmailHost(user);
  const first = ["SMTP_HOST", "SMTP_USER", "SMTP_PASS", "SMTP_FROM"].find(has);
  if (has("SMTP_USER") && !has("SMTP_PASS")) yield "SMTP_USER needs SMTP_PASS: nobody logs in without one";
  if (has("SMTP_PASS") && !has("SMTP_USER")) yield "SMTP_PASS needs SMTP_USER: a password alone is nobody's";
  const hasRecipients = splitAddresses(text("ALERT_TO") ?? "").length > 0;
  if (hasRecipients && host === null) {
    yield "ALERT_TO needs SMTP_HOST: only for a user of Gmail it is known by itself";
  } else if (!hasRecipients && first !== undefined) {
    yield `${first} needs ALERT_TO: without it nobody would get an alert`;
  } else if (host !== null && !has("SMTP_FROM") && (user === null || parseMailAddress(user) === null)) {
    yield "SMTP_HOST needs SMTP_FROM where SMTP_USER is no e-mail address: mail must have a sender";
  }
}

/** What is wrong with the file that SMTP_CA_FILE names. */
function* caFileFaults(path: string): Iterable<string> {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    yield `SMTP_CA_FILE cannot be read at ${path}: ${error instanceof Error ? error.name : "unknown error"}`;
    return;
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0 || !certificates.every(isCertificate)) {
    yield `SMTP_CA_FILE must be a PEM file of certificates: ${path} is none`;
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false; // that it is none is the answer
  }
}
