import { X509Certificate } from "node:crypto";
import { canSendFrom, mailHost } from "./channels.ts";
import type { Variables } from "./variables.ts";

/** Faults that lie between two variables. */
export function* contradictions(values: Variables): Iterable<string> {
  if (values.DASH_AUTH === "all" && (values.DASH_USER === undefined || values.DASH_PASS === undefined)) {
    yield "DASH_AUTH=all needs DASH_USER and DASH_PASS: without them nobody could log in";
  }
  yield* mailContradictions(values);
  for (const name of ["WEBHOOK_SECRET", "WEBHOOK_FORMAT"] as const) {
    if (values[name] !== undefined && values.WEBHOOK_URL === undefined) {
      yield `${name} needs WEBHOOK_URL: without it nothing is posted`;
    }
  }
}

/** A half configured mail would be found out by the first alert that nobody gets. */
function* mailContradictions(values: Variables): Iterable<string> {
  const { SMTP_USER, SMTP_PASS, SMTP_FROM, ALERT_TO } = values;
  const host = mailHost(values);
  const set = (["SMTP_HOST", "SMTP_USER", "SMTP_PASS", "SMTP_FROM"] as const).find((name) =>
    values[name] !== undefined
  );
  if (SMTP_USER !== undefined && SMTP_PASS === undefined) yield "SMTP_USER needs SMTP_PASS: nobody logs in without one";
  if (SMTP_PASS !== undefined && SMTP_USER === undefined) {
    yield "SMTP_PASS needs SMTP_USER: a password alone is nobody's";
  }
  if (ALERT_TO.length > 0 && host === null) {
    yield "ALERT_TO needs SMTP_HOST: only for a user of Gmail it is known by itself";
  } else if (ALERT_TO.length === 0 && set !== undefined) {
    yield `${set} needs ALERT_TO: without it nobody would get an alert`;
  } else if (host !== null && SMTP_FROM === undefined && !canSendFrom(SMTP_USER)) {
    yield "SMTP_HOST needs SMTP_FROM where SMTP_USER is no e-mail address: mail must have a sender";
  }
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
