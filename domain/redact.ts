const MIN_SECRET_LENGTH = 8;
const JWT = /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** Replaces every known secret, and whatever looks like a session token, with "[redacted]". */
export function redactSecrets(text: string, secrets: Iterable<string> = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_LENGTH) continue;
    clean = clean.replaceAll(secret, "[redacted]").replaceAll(encodeURIComponent(secret), "[redacted]");
  }
  return clean.replace(JWT, "[redacted]");
}

/** Masks e-mail addresses: whose figures they are is not part of the figures. */
export function maskEmails(text: string): string {
  return text.replace(EMAIL, "[e-mail]");
}
