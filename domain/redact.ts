const MIN_SECRET_LENGTH = 8;
const JWT = /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** Replaces every known secret, and whatever looks like a session token, with "[redacted]". */
export function redactSecrets(text: string, secrets: Iterable<string> = []): string {
  const spellings = [...secrets].filter((secret) => secret.length >= MIN_SECRET_LENGTH).flatMap(spellingsOf);
  // The longest first: one that begins with another would leave its tail.
  const clean = spellings.toSorted((a, b) => b.length - a.length)
    .reduce((text, spelling) => text.replaceAll(spelling, "[redacted]"), text);
  return clean.replace(JWT, "[redacted]");
}

/** The secret as plain text, in a URL and inside a JSON string. */
function spellingsOf(secret: string): string[] {
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}

/** Masks e-mail addresses: whose figures they are is not part of the figures. */
export function maskEmails(text: string): string {
  return text.replace(EMAIL, "[e-mail]");
}
