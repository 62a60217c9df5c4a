/** Why a request had no answer, in words without an address in them: `fetch` repeats the whole URL in its own. */
export function requestFailure(error: unknown): string {
  const text = error instanceof Error ? `${error.message} ${causesOf(error)}` : String(error);
  const known = REASONS.find(([pattern]) => pattern.test(text));
  return known?.[1] ?? "the connection failed";
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/failed to lookup|dns error|ENOTFOUND|No address associated|name or service not known/i, "its name was not found"],
  [/Connection refused|ECONNREFUSED/i, "it refuses connections"],
  [/certificate|UnknownIssuer|NotValidForName|CertExpired/i, "its certificate is not trusted"],
  [/tls|ssl|corrupt message|InvalidContentType|handshake/i, "TLS failed"],
  [/unreachable|ENETUNREACH|EHOSTUNREACH/i, "the network cannot reach it"],
  [/reset|closed|broken pipe|incomplete|unexpected eof|end of file/i, "the connection broke off"],
];

function causesOf(error: Error): string {
  return error.cause instanceof Error ? `${error.cause.message} ${causesOf(error.cause)}` : "";
}
