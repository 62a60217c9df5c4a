import { X509Certificate } from "node:crypto";
import { splitAddresses } from "../mail_address.ts";
import { canSendFrom, mailHost } from "./channels.ts";

/** What is set, unchecked, so that a fault of one variable hides none between others. */
export type SetVariables = Readonly<Record<string, string | undefined>>;

/** Faults that lie between two variables. */
export function* contradictions(set: SetVariables): Iterable<string> {
  const has = (name: string) => isSet(set, name);
  if (set["DASH_AUTH"]?.toLowerCase() === "all" && !(has("DASH_USER") && has("DASH_PASS"))) {
    yield "DASH_AUTH=all needs DASH_USER and DASH_PASS: without them nobody could log in";
  }
  yield* mailContradictions(set);
  for (const name of ["WEBHOOK_SECRET", "WEBHOOK_FORMAT"]) {
    if (has(name) && !has("WEBHOOK_URL")) yield `${name} needs WEBHOOK_URL: without it nothing is posted`;
  }
}

/** A half configured mail would be found out by the first alert that nobody gets. */
function* mailContradictions(set: SetVariables): Iterable<string> {
  const has = (name: string) => isSet(set, name);
  const { SMTP_HOST, SMTP_USER } = set;
  const host = mailHost({ SMTP_HOST, SMTP_USER });
  const first = ["SMTP_HOST", "SMTP_USER", "SMTP_PASS", "SMTP_FROM"].find(has);
  if (has("SMTP_USER") && !has("SMTP_PASS")) yield "SMTP_USER needs SMTP_PASS: nobody logs in without one";
  if (has("SMTP_PASS") && !has("SMTP_USER")) yield "SMTP_PASS needs SMTP_USER: a password alone is nobody's";
  const hasRecipients = splitAddresses(set["ALERT_TO"] ?? "").length > 0;
  if (hasRecipients && host === null) {
    yield "ALERT_TO needs SMTP_HOST: only for a user of Gmail it is known by itself";
  } else if (!hasRecipients && first !== undefined) {
    yield `${first} needs ALERT_TO: without it nobody would get an alert`;
  } else if (host !== null && !has("SMTP_FROM") && !canSendFrom(SMTP_USER)) {
    yield "SMTP_HOST needs SMTP_FROM where SMTP_USER is no e-mail address: mail must have a sender";
  }
}

/** Itself, or by the file that it stands in. */
function isSet(set: SetVariables, name: string): boolean {
  return (set[name] ?? set[`${name}_FILE`] ?? "") !== "";
}

/** What is wrong with the file that SMTP_CA_FILE names. */
export function* caFileFault(path: string): Iterable<string> {
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
