/** Chromium's own names of network errors, what they mean, and what helps. */
const NETWORK_ERRORS: readonly { readonly says: RegExp; readonly meaning: string; readonly hint: string }[] = [
  {
    says: /ERR_NAME_NOT_RESOLVED|ERR_NAME_RESOLUTION_FAILED|ERR_DNS_/,
    meaning: "its host name was not found (DNS)",
    hint: "Check that this machine has a working name server, and the host in CURSOR_USAGE_URL.",
  },
  {
    says: /ERR_CERT_|ERR_SSL_|ERR_BAD_SSL/,
    meaning: "no secure connection was possible (TLS)",
    hint: "Check this machine's clock, and whether a proxy on the way puts its own certificate in the site's place.",
  },
  {
    says: /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_ADDRESS_UNREACHABLE/,
    meaning: "this machine has no network",
    hint: "Check this machine's network connection. The next hourly scrape tries again anyway.",
  },
  {
    says: /ERR_CONNECTION_TIMED_OUT|ERR_TIMED_OUT/,
    meaning: "it did not answer in time",
    hint: "Check the network and any firewall on the way. The next hourly scrape tries again anyway.",
  },
  {
    says: /ERR_PROXY|ERR_TUNNEL/,
    meaning: "the proxy does not let it through",
    hint: "Check this machine's proxy settings.",
  },
];

/** A network problem in words where it is a known one; the problem's own text stays in it for those who search for it. */
export function unreachableBy(problem: string): { why: string; hint: string | null } {
  const known = NETWORK_ERRORS.find(({ says }) => says.test(problem));
  return known === undefined ? { why: problem, hint: null } : { why: `${known.meaning}: ${problem}`, hint: known.hint };
}
