const MIN_SECRET_LENGTH = 8;
const JWT = /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;

/** An e-mail address, as text or in a URL; the pattern's source, for use inside a page. Without regard to case. */
export const EMAIL_PATTERN = String.raw`[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+`;
/** What looks like a session, or a key to an API, whoever made it; the pattern's source, for use inside a page. */
export const TOKEN_PATTERN = [
  String.raw`eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*`,
  String.raw`\buser_\w{6,}(?:::|%3A%3A)[^\s"'&;,<]+`,
  String.raw`\b(?:key|crsr|sk|pk|ghp|gho|xox[abp]|whsec)[_-][\w-]{12,}`,
].join("|");

const EMAIL = new RegExp(EMAIL_PATTERN, "gi");
const TOKEN = new RegExp(TOKEN_PATTERN, "g");
/** Names of headers and fields that hold a secret. */
const SECRET_NAME = String.raw`(?:set-)?cookie|authorization|password|passwd|secret|api[_-]?key|` +
  String.raw`(?:access|refresh|id|session)[_-]?token`;
/** The quoted text after such a name, and the rest of the line after one without quotes. What is masked already stays. */
const QUOTED_SECRET = new RegExp(String.raw`\b((?:${SECRET_NAME})\\?["']?\s*[:=]\s*\\?["'])(?!\[)[^"'\n\r\\]+`, "gi");
const BARE_SECRET = new RegExp(String.raw`\b((?:${SECRET_NAME})\s*[:=]\s*)(?!\[)[^"'\s\\][^"'\n\r\\]*`, "gi");
const URL_USER_INFO = /(\/\/)[^\s/@:]+:[^\s/@]+@/g;
const URL_SECRET = /([?&](?:token|key|secret|password|code|sig|signature|access_token)=)[^\s&"'#]+/gi;

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

/**
 * What may be given to others: without known secrets, and without whatever looks like a session, a key, a password, an
 * e-mail address or this machine's user name in a path. `home` is the folder that reads "~" then.
 */
export function redactForOthers(
  text: string,
  { secrets = [], home = null }: { secrets?: Iterable<string>; home?: string | null } = {},
): string {
  const known = redactSecrets(text, secrets)
    .replace(TOKEN, "[redacted]")
    .replace(URL_USER_INFO, "$1[redacted]@")
    .replace(URL_SECRET, "$1[redacted]")
    .replace(QUOTED_SECRET, "$1[redacted]")
    .replace(BARE_SECRET, "$1[redacted]");
  return maskEmails(home === null || home.length < 3 ? known : known.replaceAll(home, "~"));
}
